import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const blockOf = (kind: string): string => new RegExp(`\`\`\`${kind}\\n([^]*?)\\n\`\`\``).exec(readme)?.[1] ?? '';

it('prints what the README says it prints', () => {
  const file = 'examples/.readme.ts';
  writeFileSync(file, blockOf('ts'));
  try {
    const printed = execFileSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8' });
    expect(printed.trimEnd()).toBe(blockOf('text'));
  } finally {
    rmSync(file);
  }
});
