/** The files of an event: its PATH and CWD records. */
import type { Fields } from '../../formats/audit/fields.js';
import { RawFields } from '../../formats/audit/fields.js';
import type { FileRef } from '../../model/event.js';
import { idOf } from './identity.js';
import type { Joined } from './joined.js';

export interface PathRecord {
  /** Place among the call's paths. */
  readonly item: number;
  /** As the call was given it; absent for `(null)`. */
  readonly name?: string;
  /** PARENT, CREATE, DELETE, NORMAL, UNKNOWN. */
  readonly nametype?: string;
  readonly file?: FileRef;
}

/** Filled again by every function below. */
const path = new RawFields();

export function workingFolder(joined: Joined): string | undefined {
  return joined.of('CWD', path)?.text('cwd');
}

/** @param base Folder that relative names start from; absent when the call was given a folder of its own. */
export function pathsOf(joined: Joined, base: string | undefined): PathRecord[] {
  const paths: PathRecord[] = [];
  for (const fields of joined.all('PATH')) {
    const name = fields.text('name');
    paths.push({
      item: Number(fields.get('item') ?? paths.length),
      name,
      nametype: fields.get('nametype') ?? fields.get('objtype'),
      file: name === undefined ? undefined : fileOf(fields, resolve(name, base)),
    });
  }
  return paths.sort((a, b) => a.item - b.item);
}

function fileOf(fields: Fields, path: string): FileRef {
  const owner = idOf(fields, 'ouid', 'OUID');
  const group = idOf(fields, 'ogid', 'OGID');
  return {
    path,
    mode: modeOf(fields.get('mode')),
    uid: owner.id,
    gid: group.id,
    inode: fields.get('inode'),
    device: fields.get('dev'),
  };
}

/** `0100755` and ausearch's `file,suid,755` to permission bits: `0755`. */
function modeOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const octal = /^[0-7]{3,8}$/.test(written) ? Number.parseInt(written, 8) & 0o7777 : interpretedMode(written);
  return octal === undefined ? undefined : octal.toString(8).padStart(4, '0');
}

function interpretedMode(written: string): number | undefined {
  const bits = /^[a-z-]+(?:,[a-z]+)*,(?<bits>[0-7]{1,4})$/.exec(written)?.groups?.['bits'];
  if (bits === undefined) return undefined;
  const special =
    (written.includes(',suid') ? 0o4000 : 0) + (written.includes(',sgid') ? 0o2000 : 0) + (written.includes(',sticky') ? 0o1000 : 0);
  return Number.parseInt(bits, 8) | special;
}

/** A relative name below the folder it was looked up from. `..` stays: a symbolic link may lead elsewhere. */
export function resolve(name: string, base: string | undefined): string {
  if (name.startsWith('/') || name === '' || base?.startsWith('/') !== true) return name;
  const rest = name === '.' ? '' : name.startsWith('./') ? name.slice(2) : name;
  if (rest === '') return base;
  return base.endsWith('/') ? base + rest : `${base}/${rest}`;
}

/** The file an execve was asked to run, when it is not the program that runs now: a script, or a file that could not be run. */
export function executedFile(joined: Joined, exe: string | undefined, cwd: string | undefined): FileRef | undefined {
  const index = joined.types.indexOf('PATH');
  if (index < 0) return undefined;
  for (let i = index; i < joined.types.length; i++) {
    if (joined.types[i] !== 'PATH') continue;
    const fields = joined.fields(i, path);
    const item = fields.get('item');
    if (item !== undefined && item !== '0') continue;
    const name = fields.text('name');
    if (name === undefined) return undefined;
    const resolved = resolve(name, cwd);
    return resolved === exe ? undefined : fileOf(fields, resolved);
  }
  return undefined;
}
