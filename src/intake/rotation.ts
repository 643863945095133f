/** Recognises rotated sets by name: `auth.log.2.gz`, `auth.log.1`, `auth.log` are one log, read from the oldest on. */

export interface RotatedName {
  /** Path of the file that is being written, without rotation and compression suffixes. */
  readonly base: string;
  /** Sorts a set from oldest to newest. */
  readonly age: string;
  /** Day of the rotation, `2024-05-01`, where the name tells it: the file's last record is not far from it. */
  readonly date?: string;
}

const COMPRESSION = /\.(?:gz|xz|zst|zstd|bz2|lz4|Z)$/i;
/** logrotate: `auth.log.2` */
const NUMBER = /^(?<base>.+)\.(?<number>\d{1,3})$/;
const DAY = String.raw`(?<year>\d{4})-?(?<month>0[1-9]|1[0-2])-?(?<day>0[1-9]|[12]\d|3[01])`;
/** logrotate dateext `messages-20240501`, `-2024-05-01`, `-20240501-1714521600`; kubelet's container logs `0.log.20240501-101112`. */
const DATE = new RegExp(String.raw`^(?<base>.+)[._-]${DAY}(?<time>(?:-?\d{2,10})?)$`);
/** logrotate with an `extension`: `auth-20240501.log`; lumberjack (API server): `audit-2024-05-01T10-11-12.345.log`. */
const DATE_INSIDE = new RegExp(
  String.raw`^(?<base>.+)[._-]${DAY}(?<time>(?:[T-]?\d\d-?\d\d-?\d\d(?:\.\d+)?)?)(?<extension>\.[A-Za-z]{1,10})$`,
);
/** klog's own files tell when they were begun, and by whom: `kubelet.node-1.root.log.INFO.20240501-101112.4711` */
const KLOG = /^(?<base>.+\.log\.(?:INFO|WARNING|ERROR|FATAL))\.(?<begun>\d{8}-\d{6})\.\d{1,10}$/;

/** The newest sorts last. */
const CURRENT = '~';

/** @param path A path inside the evidence; what unpacking a single file adds (`x.1.gz!x.1`) is looked through. */
export function parseRotatedName(path: string): RotatedName {
  const name = lookThrough(path).replace(COMPRESSION, '');
  const klog = KLOG.exec(name)?.groups;
  if (klog !== undefined) return { base: klog.base as string, age: `0${klog.begun}` };
  const inside = DATE_INSIDE.exec(name)?.groups;
  if (inside !== undefined) return dated(`${inside.base}${inside.extension}`, inside);
  const number = NUMBER.exec(name)?.groups;
  // Higher numbers are older; and newer than dates, which logrotate would have renamed alike.
  if (number !== undefined && !endsWithNumber(number.base as string))
    return { base: number.base as string, age: `1${String(999 - Number(number.number)).padStart(3, '0')}` };
  const date = DATE.exec(name)?.groups;
  return date === undefined ? { base: name, age: CURRENT } : dated(date.base as string, date);
}

/** An address or a version has numbers before its last one: `syslog-10.0.0.1`. */
function endsWithNumber(base: string): boolean {
  const last = base.slice(Math.max(...['.', '-', '/', '!'].map((mark) => base.lastIndexOf(mark))) + 1);
  return /^\d{1,20}$/.test(last);
}

function dated(base: string, { year, month, day, time }: Record<string, string | undefined>): RotatedName {
  return { base, age: `0${year}${month}${day}${time ?? ''}`, date: `${year}-${month}-${day}` };
}

/** `dir/x.1.gz!x.1` to `dir/x.1.gz`, as often as that was done. */
function lookThrough(path: string): string {
  let outer = path;
  for (let bang = outer.lastIndexOf('!'); bang > 0; bang = outer.lastIndexOf('!')) {
    const around = outer.slice(0, bang);
    const own = around.slice(Math.max(around.lastIndexOf('/'), around.lastIndexOf('!')) + 1);
    if (own.replace(COMPRESSION, '') !== outer.slice(bang + 1)) break;
    outer = around;
  }
  return outer;
}

interface RotatedSet<T> {
  readonly items: { readonly item: T; readonly age: string }[];
  readonly ages: Set<string>;
}

/**
 * Groups items into sets, oldest first; the order of the sets is that of their first items.
 * Two items of the same age (a name twice in one archive) are two logs.
 */
export function groupRotated<T>(items: readonly T[], nameOf: (item: T) => string, kindOf: (item: T) => string): T[][] {
  const sets: RotatedSet<T>[] = [];
  const byKey = new Map<string, RotatedSet<T>[]>();
  for (const item of items) {
    const { base, age } = parseRotatedName(nameOf(item));
    const key = `${kindOf(item)}\0${base}`;
    const candidates = byKey.get(key) ?? [];
    byKey.set(key, candidates);
    let set = candidates.at(-1);
    if (set === undefined || set.ages.has(age)) {
      set = { items: [], ages: new Set() };
      candidates.push(set);
      sets.push(set);
    }
    set.items.push({ item, age });
    set.ages.add(age);
  }
  return sets.map((set) => set.items.sort((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ item }) => item));
}
