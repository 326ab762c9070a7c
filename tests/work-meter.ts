/**
 * What each statement had to do, told by the server itself (auto_explain): rows that its plan handled and blocks that it
 * looked at. Unlike time this is the same on a busy machine, and a plan that compares everything with everything shows.
 */
import postgres from 'postgres';
import { arrayTypes } from '../db/array-types.ts';
import type { Database, Sql, Transaction } from '../db/client.ts';

export type Work = {
  /** The statement's text, its white space collapsed; statements of functions count for themselves. */
  text: string;
  runs: number;
  /** Rows that all nodes of all its plans passed on or threw away. */
  rows: number;
  /** Blocks of 8 KiB, found in memory or read. */
  blocks: number;
};

export type MeteredDatabase = Database & {
  /** What was done since the last call, dearest first. */
  takeWork(): Work[];
};

type Node = {
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Node[];
};

/** A database whose every statement is metered, over one connection without the guards of the product's. */
export function openMetered(url: string): MeteredDatabase {
  const works = new Map<string, Work>();
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    types: {
      ...arrayTypes,
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      date: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (value: string) => value },
    },
    onnotice: ({ message = '' }) => add(works, message),
    connection: {
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_timing': 'off',
      'auto_explain.log_buffers': 'on',
      'auto_explain.log_nested_statements': 'on',
      'auto_explain.log_format': 'json',
      'auto_explain.log_level': 'notice',
      client_min_messages: 'notice',
    },
  }) as unknown as Sql;
  return {
    url,
    sql,
    inTransaction: (work, { isolation = 'read committed' } = {}) =>
      sql.begin(`isolation level ${isolation}`, (tx) => work(tx as unknown as Transaction)) as never,
    close: () => sql.end(),
    takeWork() {
      const taken = [...works.values()].sort((a, b) => b.rows + b.blocks - a.rows - a.blocks);
      works.clear();
      return taken;
    },
  };
}

function add(works: Map<string, Work>, message: string): void {
  const json = message.split('plan:\n')[1];
  if (json === undefined) return;
  const { 'Query Text': query, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: Node };
  const text = query.replace(/\s+/g, ' ').trim();
  const work = works.get(text) ?? { text, runs: 0, rows: 0, blocks: 0 };
  work.runs += 1;
  work.rows += rowsOf(plan);
  work.blocks += (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  works.set(text, work);
}

function rowsOf(node: Node): number {
  const once =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  const own = once * (node['Actual Loops'] ?? 0);
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), own);
}
