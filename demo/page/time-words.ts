const date = (ts: string) => new Date(Number(ts) * 1000);

export const timeOf = (ts: string) =>
  date(ts).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "Today", "Yesterday", "Monday 16 November". */
export function dayOf(ts: string): string {
  const day = date(ts);
  const today = new Date();
  const ago = Math.round((startOf(today) - startOf(day)) / 86_400_000);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return day.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}

const startOf = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
