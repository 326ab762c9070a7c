/** Split a sentence so that its first statement can be set bold: "Churn was 2.1 % in Q3 2026" and the rest. */
export function splitLead(sentence: string): { lead: string; rest: string } {
  const end = /(?<!\d)[,;]\s|[.]\s|[,;]\s(?!\d)/.exec(sentence);
  if (end === null) return { lead: sentence.replace(/\.$/, ''), rest: sentence.endsWith('.') ? '.' : '' };
  return { lead: sentence.slice(0, end.index), rest: sentence.slice(end.index) };
}
