import { execFileSync } from 'node:child_process';

/** Registries are generated, so that adding a parser or program file is all it takes to add it. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/make-registries.mjs'], { stdio: 'inherit' });
}
