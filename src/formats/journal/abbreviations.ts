/** Zones by the abbreviations that journalctl prints, where one abbreviation means one offset. {@link https://www.iana.org/time-zones} */

/** Minutes east of UTC. Left out: those with several meanings (CST, IST, BST, AST). */
const OFFSETS = new Map<string, number>([
  ...([
    ['UTC', 0],
    ['GMT', 0],
    ['WET', 0],
    ['WEST', 60],
    ['CET', 60],
    ['CEST', 120],
    ['EET', 120],
    ['EEST', 180],
    ['MSK', 180],
  ] as const),
  ...([
    ['SAST', 120],
    ['CAT', 120],
    ['EAT', 180],
    ['WAT', 60],
    ['PKT', 300],
    ['WIB', 420],
    ['HKT', 480],
    ['JST', 540],
    ['KST', 540],
  ] as const),
  ...([
    ['AEST', 600],
    ['AEDT', 660],
    ['ACST', 570],
    ['ACDT', 630],
    ['AWST', 480],
    ['NZST', 720],
    ['NZDT', 780],
  ] as const),
  ...([
    ['EST', -300],
    ['EDT', -240],
    ['CDT', -300],
    ['MST', -420],
    ['MDT', -360],
    ['PST', -480],
    ['PDT', -420],
  ] as const),
  ...([
    ['AKST', -540],
    ['AKDT', -480],
    ['HST', -600],
    ['NST', -210],
    ['NDT', -150],
    ['ADT', -180],
  ] as const),
]);

// Zones without letters are written as numbers: +03, -0330
const NUMBER = /^(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>\d{2})?$/;

/** @returns Seconds east of UTC; undefined when the abbreviation does not tell. */
export function abbreviatedOffset(zone: string): number | undefined {
  const number = NUMBER.exec(zone)?.groups;
  if (number === undefined) {
    const minutes = OFFSETS.get(zone);
    return minutes === undefined ? undefined : minutes * 60;
  }
  return (number['sign'] === '-' ? -60 : 60) * (Number(number['hours']) * 60 + Number(number['minutes'] ?? 0));
}
