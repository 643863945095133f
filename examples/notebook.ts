/**
 * Explores an incident cell by cell: `npx tsx examples/notebook.ts [EVIDENCE…]`, or send each cell to a REPL or notebook.
 * Without a path it opens the incident that comes with the package.
 */

// %% Open evidence. What the files do not say, the examiner does: the node's zone, and when the files were taken.
import { collect, timeline } from 'kubewitness';
import { openEvidence } from 'kubewitness/node';

const paths = process.argv.slice(2);
const own = paths.length > 0;
const evidence = await openEvidence(own ? paths : 'fixtures/demo/evidence', {
  ...(own ? {} : { timeZone: 'America/Los_Angeles', collected: '2026-11-25T05:12:37Z' }),
});
const all = await collect(timeline(evidence.sources));
console.log(all.length, 'events');

// %% What was read, and what was not?
for (const { source, parser, tally } of all.coverage) console.log(`${parser?.id ?? '-'}\t${tally.events}\t${source.name}`);
for (const { code, message, origin } of evidence.problems) console.log(code, origin.path, message);

// %% Who got in, and from where?
const logins = all.where({ action: 'ssh.login' });
for (const [ip, attempts] of logins.by(({ client }) => client?.ip)) {
  const successes = attempts.where({ outcome: 'success' });
  console.log(
    ip,
    `${attempts.length} attempts`,
    successes.events.map(({ actor }) => `${actor?.user} with ${actor?.credential}`),
  );
}

// %% The address that failed before it succeeded: everything it did, and the moment it came in.
const suspect = logins.where({ outcome: 'failure' }).events[0]?.client?.ip;
const entry = logins.where(({ client, outcome }) => client?.ip === suspect && outcome === 'success').events[0];
console.log(suspect, 'came in at', entry?.time);

// %% Ten seconds around it, from every source, with the place in the evidence.
if (entry !== undefined) console.log(all.around(entry, '5s').where({ host: 'node-1' }).table({ width: 110, origins: true }));

// %% A minute from there on: what was asked of the API server, by whom?
if (entry !== undefined) {
  const minute = all.between(entry.time, new Date(Date.parse(entry.time) + 60_000).toISOString()).where({ parser: 'kube-audit' });
  for (const [user, requests] of minute.by(({ actor }) => actor?.user)) {
    console.log(user);
    for (const [action, some] of requests.by((event) => event.action)) console.log(`  ${some.length}\t${action}`);
  }
}

// %% Predicates go as far as you like: commands in pods, and the processes the kernel saw there.
console.log(all.where(({ action, actor }) => action === 'pod.exec' || (action === 'process.start' && actor?.uid === '10001')));

await evidence.close();
