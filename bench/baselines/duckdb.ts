/** DuckDB's own job: read NDJSON, sort, write NDJSON. */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { Outcome } from '../scenario.js';
import { outputFile } from './ours.js';

export const duckdbPackage = '@duckdb/node-api@1.5.6-r.1';

interface Connection {
  run(sql: string): Promise<{ rowCount: number; rowsChanged: number }>;
}
interface DuckDb {
  readonly DuckDBInstance: { create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<Connection> }> };
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const COLUMNS = `{auditID: 'VARCHAR', stage: 'VARCHAR', verb: 'VARCHAR', requestURI: 'VARCHAR', requestReceivedTimestamp: 'TIMESTAMP',
  sourceIPs: 'VARCHAR[]', userAgent: 'VARCHAR', "user": 'STRUCT(username VARCHAR, uid VARCHAR, groups VARCHAR[])',
  objectRef: 'STRUCT(resource VARCHAR, "namespace" VARCHAR, "name" VARCHAR, subresource VARCHAR)',
  responseStatus: 'STRUCT(code INTEGER, reason VARCHAR)', annotations: 'MAP(VARCHAR, VARCHAR)'}`;

export async function sortWithDuckDb(files: readonly string[], threads: number): Promise<Outcome> {
  const entry = path.join(process.env['BENCH_PACKAGES'] ?? '', 'node_modules/@duckdb/node-api/lib/index.js');
  const { DuckDBInstance } = (await import(pathToFileURL(entry).href)) as DuckDb;
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const input = `read_ndjson([${files.map(quote).join(', ')}], columns = ${COLUMNS})`;
  const { rowsChanged } = await connection.run(
    `COPY (SELECT * FROM ${input} ORDER BY requestReceivedTimestamp) TO ${quote(outputFile())} (FORMAT json)`,
  );
  return { count: rowsChanged };
}
