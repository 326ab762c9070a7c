/** Resolved by bundle.ts: the pane's file when it exists, else null. */
declare module 'pane:teams' {
  import type { ComponentType } from 'react';
  import type { DemoPerson } from '../slack/workspace.ts';

  const pane: ComponentType<{ person: DemoPerson }> | null;
  export default pane;
}
declare module 'pane:inbox' {
  import type { ComponentType } from 'react';

  const pane: ComponentType | null;
  export default pane;
}
declare module '*.css';
