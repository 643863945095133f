/** What a command may touch: given in, so that tests need no process. */
export interface Io {
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** Resolves when the reader of the output has caught up. */
  drained(): Promise<void>;
  /** Whether somebody watches standard error. */
  readonly progress: boolean;
  /** Columns of the terminal; absent when the output is no terminal. */
  readonly width: number | undefined;
  readonly signal: AbortSignal;
}

export interface Command {
  /** What stands behind the command's name. */
  readonly usage: string;
  readonly summary: string;
  /** Option lines for `--help`. */
  readonly options: readonly (readonly [option: string, meaning: string])[];
  /** @returns The exit code. */
  run(args: readonly string[], io: Io): Promise<number>;
}
