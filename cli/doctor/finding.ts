/** One thing that `herald doctor` looked at. */
export type Finding = {
  name: string;
  state: 'ok' | 'warning' | 'fault';
  /** Whose turn it is when it is a fault: the operator's, or another system's. */
  kind?: 'setup' | 'upstream';
  detail: string;
  /** What to do about it. */
  next?: string;
};

export const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail });
export const warning = (name: string, detail: string, next: string): Finding => ({
  name,
  state: 'warning',
  detail,
  next,
});
export const fault = (name: string, kind: 'setup' | 'upstream', detail: string, next: string): Finding => ({
  name,
  state: 'fault',
  kind,
  detail,
  next,
});
