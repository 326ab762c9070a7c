export type Minimum = { at: number[]; value: number; iterations: number; converged: boolean };

export type Stopping = {
  /** Size of the first simplex along each axis. */
  step?: number;
  /** Stop when the values differ by less than this, and the points too. */
  tolerance?: number;
  mostIterations?: number;
};

type Vertex = { at: number[]; value: number };

/**
 * A local minimum of a smooth function of a few variables, without derivatives: the downhill simplex.
 * Nelder and Mead, "A simplex method for function minimization", The Computer Journal 7 (1965), with the
 * acceptance rules of Lagarias et al., SIAM Journal on Optimization 9 (1998).
 */
export function nelderMead(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-9, mostIterations = 4000 }: Stopping = {},
): Minimum {
  const n = start.length;
  const vertexAt = (at: number[]): Vertex => {
    const value = f(at);
    // Outside of what the function can answer is worse than anything inside.
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [vertexAt([...start])];
  for (let i = 0; i < n; i++) simplex.push(vertexAt(start.map((x, j) => (i === j ? x + step : x))));
  const sort = () => simplex.sort((a, b) => a.value - b.value);

  for (let iterations = 0; iterations < mostIterations; iterations++) {
    sort();
    const best = simplex[0]!;
    const worst = simplex[n]!;
    if (worst.value - best.value <= tolerance && width(simplex) <= Math.sqrt(tolerance))
      return { ...best, iterations, converged: true };

    const centre = best.at.map((_x, j) => simplex.slice(0, n).reduce((sum, { at }) => sum + at[j]!, 0) / n);
    const along = (by: number) => vertexAt(centre.map((x, j) => x + by * (worst.at[j]! - x)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
      continue;
    }
    if (reflected.value < simplex[n - 1]!.value) {
      simplex[n] = reflected;
      continue;
    }
    const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
    if (contracted.value < Math.min(reflected.value, worst.value)) {
      simplex[n] = contracted;
      continue;
    }
    for (let i = 1; i <= n; i++)
      simplex[i] = vertexAt(simplex[i]!.at.map((x, j) => best.at[j]! + 0.5 * (x - best.at[j]!)));
  }
  sort();
  return { ...simplex[0]!, iterations: mostIterations, converged: false };
}

function width(simplex: readonly Vertex[]): number {
  const best = simplex[0]!.at;
  return Math.max(...simplex.flatMap(({ at }) => at.map((x, j) => Math.abs(x - best[j]!))));
}
