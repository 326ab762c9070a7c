/** A process that uses the embedded server: says "ready <pid of the server's postmaster>", leaves at the end of its input. */
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { openServer } from '../../db/embedded/server.ts';

const server = await openServer({ folder: process.argv[2]!, settings: { fsync: 'off' } });
await server.ensureDatabase('shared');
const sql = postgres(server.url('shared'), { max: 1, onnotice: () => undefined });
const [row] = await sql<{ data: string }[]>`select current_setting('data_directory') as data`;
await sql.end();
const pid = readFileSync(`${row!.data}/postmaster.pid`, 'utf8').split('\n')[0];
process.stdout.write(`ready ${pid}\n`);
process.stdin.resume();
process.stdin.on('end', async () => {
  await server.release();
  process.exit(0);
});
