/** The one entry of the package that bundles (its ESM files lack extensions); its own types are no module. */
declare module 'adaptivecards/dist/adaptivecards.js' {
  export * from 'adaptivecards';
}
