/**
 * Memory kills, told in several lines: who asked, which control group, who died.
 * {@link https://github.com/torvalds/linux/blob/v6.1/mm/oom_kill.c | dump_oom_summary(), __oom_kill_process()}
 */
import { parseCgroupPath } from '../../formats/cgroup.js';
import type { ContainerRef, PodRef } from '../../model/event.js';
import type { LogLine, Reading } from '../program.js';

interface Group {
  readonly pod?: PodRef;
  readonly container?: ContainerRef;
  readonly details: Record<string, unknown>;
}

/** Hosts, and processes of a host, whose control group is remembered. */
const CAPACITY = 1024;

// oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-….scope,mems_allowed=0,oom_memcg=/kubepods.slice/…,task_memcg=/kubepods.slice/…,task=stress,pid=4242,uid=0
const SUMMARY =
  /^oom-kill:constraint=(?<constraint>[A-Z_]{1,40}),nodemask=[^=]{1,80},cpuset=(?<cpuset>[^,]{1,300}),mems_allowed=[\d,-]{1,80}(?:,oom_memcg=(?<limit>[^,]{1,1024})|,global_oom),task_memcg=(?<group>[^,]{1,1024}),task=(?<task>[^]{0,64}),pid=(?<pid>\d{1,10}),uid=(?<uid>\d{1,10})$/;
// Memory cgroup out of memory: Killed process 4242 (stress) total-vm:…kB, anon-rss:…kB, file-rss:…kB, shmem-rss:…kB, UID:1000 pgtables:…kB oom_score_adj:999
// before 5.0: Kill process 4242 (stress) score 1972 or sacrifice child, and: Killed process 4242 (stress), UID 0, total-vm:…
const KILLED =
  /^(?:(?<scope>Memory cgroup out of memory|Out of memory|Out of memory \(oom_kill_allocating_task\)|Tasks in \S{1,200} are going to be killed)[:.] )?Killed process (?<pid>\d{1,10}) \((?<name>[^\n]{0,64}?)\),?(?: UID:? ?(?<uid>\d{1,10}),)? total-vm:(?<vm>\d{1,15})kB, anon-rss:(?<rss>\d{1,15})kB(?<rest>[^\n]{0,300})$/;
// Task in /kubepods/burstable/pod…/3b1f… killed as a result of limit of /kubepods/burstable/pod…
const TASK_IN = /^Task in (?<group>\/\S{0,1024}) killed as a result of limit of (?<limit>\/\S{0,1024})$/;
// stress invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=999
const INVOKED =
  /^(?<name>[^\n]{1,64}?) invoked oom-killer: gfp_mask=(?<mask>\S{1,200}), (?:nodemask=\S{1,80}, )?order=(?<order>-?\d{1,3}), oom_score_adj=(?<adjust>-?\d{1,5})$/;
// oom_reaper: reaped process 4242 (stress), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB
const REAPED = /^oom_reaper: reaped process (?<pid>\d{1,10}) \((?<name>[^\n]{0,64}?)\), now /;

export class MemoryKills {
  /** By host and pid; by host alone, for kernels whose lines name no pid. */
  private readonly groups = new Map<string, Group>();

  read(line: LogLine, text: string): Reading | undefined {
    if (text.startsWith('oom-kill:')) return this.summary(line, text);
    if (text.startsWith('Task in ')) return this.taskIn(line, text);
    if (text.includes('Killed process ')) return this.killed(line, text);
    if (text.includes(' invoked oom-killer: ')) return plain(INVOKED.exec(text)?.groups, 'invoked');
    return text.startsWith('oom_reaper: ') ? plain(REAPED.exec(text)?.groups, 'reaped') : undefined;
  }

  private summary(line: LogLine, text: string): Reading | undefined {
    const groups = SUMMARY.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const group = groupOf(groups['group'] as string, groups['limit'], groups['constraint']);
    this.remember(`${line.host ?? ''}\0${groups['pid']}`, group);
    const details = { ...group.details, oom: 'summary', task: groups['task'], pid: Number(groups['pid']), uid: groups['uid'] };
    return { action: 'kernel.message', pod: group.pod, container: group.container, details };
  }

  private taskIn(line: LogLine, text: string): Reading | undefined {
    const groups = TASK_IN.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const group = groupOf(groups['group'] as string, groups['limit'], undefined);
    this.remember(`${line.host ?? ''}\0`, group);
    return { action: 'kernel.message', pod: group.pod, container: group.container, details: { ...group.details, oom: 'summary' } };
  }

  private killed(line: LogLine, text: string): Reading | undefined {
    const groups = KILLED.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const group = this.take(`${line.host ?? ''}\0${groups['pid']}`) ?? this.take(`${line.host ?? ''}\0`);
    const rest = groups['rest'] ?? '';
    const uid = groups['uid'] ?? / UID:(?<uid>\d{1,10})(?: |$)/.exec(rest)?.groups?.['uid'];
    const adjust = / oom_score_adj:(?<adjust>-?\d{1,5})$/.exec(rest)?.groups?.['adjust'];
    const details: Record<string, unknown> = {
      ...group?.details,
      scope: groups['scope']?.startsWith('Memory cgroup') === true ? 'cgroup' : groups['scope'] === undefined ? undefined : 'host',
      totalVmKb: Number(groups['vm']),
      anonRssKb: Number(groups['rss']),
      oomScoreAdjust: adjust === undefined ? undefined : Number(adjust),
    };
    const target = uid === undefined ? undefined : { uid };
    const process = { name: groups['name'], pid: Number(groups['pid']), signal: 'SIGKILL' };
    return { action: 'process.oom', process, target, pod: group?.pod, container: group?.container, details };
  }

  private remember(key: string, group: Group): void {
    if (this.groups.size >= CAPACITY) this.groups.delete(this.groups.keys().next().value as string);
    this.groups.set(key, group);
  }

  private take(key: string): Group | undefined {
    const group = this.groups.get(key);
    this.groups.delete(key);
    return group;
  }
}

function plain(groups: Readonly<Record<string, string | undefined>> | undefined, oom: string): Reading | undefined {
  if (groups === undefined) return undefined;
  const pid = groups['pid'];
  return { action: 'kernel.message', details: { oom, task: groups['name'], ...(pid === undefined ? {} : { pid: Number(pid) }) } };
}

function groupOf(path: string, limit: string | undefined, constraint: string | undefined): Group {
  const { podUid, containerId } = parseCgroupPath(path);
  const details: Record<string, unknown> = { cgroup: path };
  if (limit !== undefined) details['limitedCgroup'] = limit;
  if (constraint !== undefined) details['constraint'] = constraint;
  return {
    details,
    ...(podUid === undefined ? {} : { pod: { uid: podUid } }),
    ...(containerId === undefined ? {} : { container: { id: containerId } }),
  };
}
