export * from '../kpi/number.ts';
