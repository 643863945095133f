/** The texts of `--help`. */
import type { Command } from './io.js';

export function overview(commands: Readonly<Record<string, Command>>): string {
  const rows = Object.entries(commands).map(([name, { usage, summary }]) => `  ${`${name} ${usage}`.padEnd(28)}${summary}`);
  return [
    'usage: kubewitness COMMAND …',
    '',
    ...rows,
    '',
    'A PATH is a file, a folder or an archive (archives inside archives too); - is standard input.',
    'kubewitness COMMAND --help tells the options.',
    '',
  ].join('\n');
}

export function usageOf(name: string, { usage, summary, options }: Command): string {
  const rows = options.map(([option, meaning]) => `  ${option.padEnd(22)}${meaning}`);
  return [`usage: kubewitness ${name} ${usage}`, '', summary, '', ...rows, ''].join('\n');
}
