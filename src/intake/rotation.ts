/** Recognises rotated sets by name: `auth.log.2.gz`, `auth.log.1`, `auth.log` are one log, read from the oldest on. */

export interface RotatedName {
  /** Path of the file that is being written, without rotation and compression suffixes. */
  readonly base: string;
  /** Sorts a set from oldest to newest. */
  readonly age: string;
}

const COMPRESSION = /\.(?:gz|xz|zst|bz2|lz4|Z)$/;
/** logrotate: `auth.log.2` */
const NUMBER = /^(?<base>.+)\.(?<number>\d{1,3})$/;
/** logrotate dateext `messages-20240501`, kubelet's container logs `0.log.20240501-101112` */
const DATE = /^(?<base>.+)[.-](?<date>\d{8}(?:-?\d{2,6})?)$/;
/** lumberjack (API server): `audit-2024-05-01T10-11-12.345.log` */
const LUMBERJACK = /^(?<stem>.+)-(?<date>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)(?<extension>\.[^./]+)$/;

/** The newest sorts last. */
const CURRENT = '~';

/** @param path A path inside the evidence; what an archive adds (`x.gz!x`) is looked through. */
export function parseRotatedName(path: string): RotatedName {
  const bang = path.lastIndexOf('!');
  const outer = bang > 0 && COMPRESSION.test(path.slice(0, bang)) ? path.slice(0, bang) : path;
  const name = outer.replace(COMPRESSION, '');
  const dated = LUMBERJACK.exec(name)?.groups;
  if (dated !== undefined) return { base: `${dated.stem}${dated.extension}`, age: `0${dated.date}` };
  const number = NUMBER.exec(name)?.groups;
  // Higher numbers are older; and older than dates, which logrotate would have renamed alike.
  if (number !== undefined) return { base: number.base as string, age: `1${String(999 - Number(number.number)).padStart(3, '0')}` };
  const date = DATE.exec(name)?.groups;
  if (date !== undefined) return { base: date.base as string, age: `0${date.date}` };
  return { base: name, age: CURRENT };
}

/** Groups items into sets, oldest first; the order of the sets is that of their first items. */
export function groupRotated<T>(items: readonly T[], nameOf: (item: T) => string, kindOf: (item: T) => string): T[][] {
  const sets = new Map<string, { item: T; age: string }[]>();
  for (const item of items) {
    const { base, age } = parseRotatedName(nameOf(item));
    const key = `${kindOf(item)}\0${base}`;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [{ item, age }]);
    else set.push({ item, age });
  }
  return [...sets.values()].map((set) => set.sort((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ item }) => item));
}
