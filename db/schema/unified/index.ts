/** The unified model, all tables: one shape for what all systems say (columns.ts tells the rules they share). */
export * from './customers.ts';
export * from './marketing.ts';
export * from './rates.ts';
export * from './revenue.ts';
export * from './sales.ts';
export * from './support.ts';
