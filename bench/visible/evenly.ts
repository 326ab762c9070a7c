const PARTS = 20;

/**
 * Numbers in [0, 1) whose every twenty hold one of each twentieth, in the order of chance: what shall happen to 13 % of
 * some forty calls then happens to about as many.
 */
export function evenly(random: () => number): () => number {
  let left: number[] = [];
  return () => {
    if (left.length === 0) left = Array.from({ length: PARTS }, (_, part) => part);
    const [part] = left.splice(Math.floor(random() * left.length), 1);
    return (part! + random()) / PARTS;
  };
}
