/** The last so many numbers, kept in order: any quantile at once, one step in the time of a binary search and a move. */
export class SortedWindow {
  readonly #capacity: number;
  readonly #arrived: number[] = [];
  readonly #sorted: number[] = [];
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#sorted.length;
  }

  push(value: number): void {
    if (this.#sorted.length < this.#capacity) this.#arrived.push(value);
    else {
      this.#sorted.splice(this.#rank(this.#arrived[this.#oldest]!), 1);
      this.#arrived[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
    this.#sorted.splice(this.#rank(value), 0, value);
  }

  /** 0 is the smallest, 1 the largest; null when empty. */
  quantile(q: number): number | null {
    return this.#sorted[Math.floor(q * (this.#sorted.length - 1))] ?? null;
  }

  median(): number | null {
    const { length } = this.#sorted;
    if (length === 0) return null;
    const middle = length >> 1;
    return length % 2 === 1 ? this.#sorted[middle]! : (this.#sorted[middle - 1]! + this.#sorted[middle]!) / 2;
  }

  #rank(value: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
