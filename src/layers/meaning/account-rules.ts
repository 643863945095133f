/** Accounts: what exactly changed in passwd, shadow and group. */
import { contentText, type Subject } from './subject.js';
import { words, type ChangeRule } from './rule.js';

type Accounts = ReadonlyMap<string, readonly string[]>;

function linesOf(text: string | undefined): Accounts {
  const accounts = new Map<string, readonly string[]>();
  for (const line of (text ?? '').split('\n').slice(0, 100_000)) {
    const fields = line.split(':');
    if (fields.length > 1 && fields[0] !== undefined && !line.startsWith('#')) accounts.set(fields[0], fields);
  }
  return accounts;
}

function both(subject: Subject, path: string): { before: Accounts; after: Accounts } | undefined {
  if (subject.path !== path || !subject.rewritten) return undefined;
  return { before: linesOf(contentText(subject.before)), after: linesOf(contentText(subject.after)) };
}

/** Accounts that are new or differ in one of the fields. */
function changed({ before, after }: { before: Accounts; after: Accounts }, ...fields: number[]): [string, readonly string[]][] {
  return [...after].filter(([name, line]) => fields.some((field) => before.get(name)?.[field] !== line[field]));
}

const listed = (names: readonly string[]): string => names.slice(0, 20).join(', ') + (names.length > 20 ? ' …' : '');

/** An account without password, `!`, `*`, `x`: nobody can log in with one. */
const LOCKED = /^(?:[!*x].*)?$/;

export const accountRules: readonly ChangeRule[] = [
  {
    ...words('root-account', 'An account has the rights of root', 'critical', 90, 'T1136.001', 'T1098'),
    test(subject) {
      const files = both(subject, 'etc/passwd');
      if (files === undefined || subject.change === 'added') return undefined;
      const names = changed(files, 2)
        .filter(([name, line]) => name !== 'root' && /^0+$/.test(line[2] ?? ''))
        .map(([name]) => name);
      return names.length === 0 ? undefined : `uid 0: ${listed(names)}`;
    },
  },
  {
    ...words('accounts', 'Accounts were changed', 'medium', 60, 'T1136.001'),
    test(subject) {
      const files = both(subject, 'etc/passwd');
      if (files === undefined) return undefined;
      const added = [...files.after.keys()].filter((name) => !files.before.has(name));
      const gone = [...files.before.keys()].filter((name) => !files.after.has(name));
      const shells = changed(files, 2, 6)
        .map(([name]) => name)
        .filter((name) => files.before.has(name));
      const parts = [
        ['added', added],
        ['removed', gone],
        ['other uid or shell', shells],
      ] as const;
      const reason = parts
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => `${what}: ${listed(names)}`)
        .join('; ');
      return reason === '' ? 'its content differs' : reason;
    },
  },
  {
    ...words('passwords', 'Passwords were changed', 'high', 70, 'T1098'),
    test(subject) {
      const files = both(subject, 'etc/shadow');
      if (files === undefined) return undefined;
      const names = changed(files, 1)
        .filter(([, line]) => !LOCKED.test(line[1] ?? ''))
        .map(([name]) => name);
      const empty = changed(files, 1)
        .filter(([, line]) => line[1] === '')
        .map(([name]) => name);
      if (empty.length > 0) return `no password needed: ${listed(empty)}`;
      return names.length > 0 ? `password set: ${listed(names)}` : undefined;
    },
  },
  {
    ...words('groups', 'Groups were changed', 'medium', 50, 'T1098.007'),
    test(subject) {
      const files = both(subject, 'etc/group');
      if (files === undefined || subject.change === 'added') return undefined;
      const names = changed(files, 2, 3).map(([name]) => name);
      return names.length === 0 ? undefined : `members or ids differ: ${listed(names)}`;
    },
  },
];
