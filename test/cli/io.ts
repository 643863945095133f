/** The command line without a process. */
import { main } from '../../src/cli/main.js';
import type { Io } from '../../src/cli/io.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCli(args: readonly string[], more: Partial<Io> = {}): Promise<Ran> {
  const out: Uint8Array[] = [];
  let err = '';
  const io: Io = {
    out: (text) => void out.push(Buffer.from(text as string)),
    err: (text) => {
      err += text;
    },
    drained: () => Promise.resolve(),
    progress: false,
    width: undefined,
    signal: new AbortController().signal,
    ...more,
  };
  const code = await main(args, io);
  return { code, out: Buffer.concat(out).toString(), err };
}
