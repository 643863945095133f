/** Packages that only some evidence needs. */
import { Failure } from '../../intake/failure.js';

/** @throws Failure that names the package to install. */
export async function load<T>(loading: () => Promise<T>, name: string): Promise<T> {
  try {
    return await loading();
  } catch (cause) {
    throw new Failure('unsupported', `reading this compression needs the package ${name}: npm install ${name}`, { cause });
  }
}
