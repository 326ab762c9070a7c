/** One line of `npm run bench -- --json`: a ratio inside one run, never an absolute time. */
export type Figure = { figure: string; ratio: number; target: number; met: boolean };
