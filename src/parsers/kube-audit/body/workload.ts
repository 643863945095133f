/** How pods are let loose: the pod's spec, wherever a workload keeps its template. */
import { at, denial, isObject, nonEmpty, number, objects, some, text, texts, truth, type Loose } from './fields.js';

/** Where workloads keep a pod's spec: CronJobs, all other controllers, PodTemplates, pods. */
function podSpecOf(body: Loose): unknown {
  return (
    at(body, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
    at(body, 'spec', 'template', 'spec') ??
    at(body, 'template', 'spec') ??
    body['spec']
  );
}

export function podDigest(body: Loose): Record<string, unknown> {
  const spec = podSpecOf(body);
  if (!isObject(spec)) return {};
  const volumes = objects(spec['volumes']);
  return {
    containers: containersOf(spec),
    hostPID: truth(spec['hostPID']),
    hostIPC: truth(spec['hostIPC']),
    hostNetwork: truth(spec['hostNetwork']),
    hostUsers: denial(spec['hostUsers']),
    shareProcessNamespace: truth(spec['shareProcessNamespace']),
    hostPaths: nonEmpty(volumes.map((volume) => text(at(volume, 'hostPath', 'path')))),
    secretVolumes: nonEmpty(volumes.flatMap(secretsOf)),
    serviceAccountName: text(spec['serviceAccountName']),
    automountServiceAccountToken: denial(spec['automountServiceAccountToken']),
    nodeName: text(spec['nodeName']),
    nodeSelector: some(isObject(spec['nodeSelector']) ? spec['nodeSelector'] : {}),
    toleratesAll: truth(objects(spec['tolerations']).some(({ operator, key }) => operator === 'Exists' && (key ?? '') === '')),
    priorityClassName: text(spec['priorityClassName']),
    runtimeClassName: text(spec['runtimeClassName']),
    securityContext: securityOf(spec['securityContext']),
    replicas: number(at(body, 'spec', 'replicas')),
    schedule: text(at(body, 'spec', 'schedule')),
  };
}

function containersOf(spec: Loose): Record<string, unknown>[] | undefined {
  return nonEmpty([
    ...objects(spec['containers']).map((container) => containerOf(container)),
    ...objects(spec['initContainers']).map((container) => ({ ...containerOf(container), init: true })),
    ...objects(spec['ephemeralContainers']).map((container) => ({
      ...containerOf(container),
      ephemeral: true,
      ...some({ target: text(container['targetContainerName']) }),
    })),
  ]);
}

function secretsOf(volume: Loose): (string | undefined)[] {
  const projected = objects(at(volume, 'projected', 'sources')).map((source) => text(at(source, 'secret', 'name')));
  return [text(at(volume, 'secret', 'secretName')), ...projected];
}

function containerOf(container: Loose): Record<string, unknown> {
  return {
    ...some({
      name: text(container['name']),
      image: text(container['image']),
      command: texts(container['command']),
      args: texts(container['args']),
      hooks: nonEmpty(HOOKS.map((path) => texts(at(container, ...path, 'exec', 'command'))?.join(' '))),
      securityContext: securityOf(container['securityContext']),
      // Names only: values may be secrets.
      env: nonEmpty(objects(container['env']).map((variable) => text(variable['name']))),
      envFrom: nonEmpty(
        objects(container['envFrom']).map((from) => text(at(from, 'secretRef', 'name')) ?? text(at(from, 'configMapRef', 'name'))),
      ),
      mounts: nonEmpty(objects(container['volumeMounts']).map((mount) => text(mount['mountPath']))),
      devices: nonEmpty(objects(container['volumeDevices']).map((device) => text(device['devicePath']))),
      hostPorts: nonEmpty(objects(container['ports']).map((port) => number(port['hostPort']))),
    }),
  };
}

/** Where a container keeps commands that are run in it, beside its own. */
const HOOKS = [['lifecycle', 'postStart'], ['lifecycle', 'preStop'], ['livenessProbe'], ['readinessProbe'], ['startupProbe']] as const;

function securityOf(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  return some({
    privileged: truth(value['privileged']),
    allowPrivilegeEscalation: truth(value['allowPrivilegeEscalation']),
    runAsUser: number(value['runAsUser']),
    runAsGroup: number(value['runAsGroup']),
    runAsNonRoot: typeof value['runAsNonRoot'] === 'boolean' ? value['runAsNonRoot'] : undefined,
    procMount: text(value['procMount']),
    addCapabilities: texts(at(value, 'capabilities', 'add')),
    seccompProfile: text(at(value, 'seccompProfile', 'type')),
    appArmorProfile: text(at(value, 'appArmorProfile', 'type')),
    seLinuxType: text(at(value, 'seLinuxOptions', 'type')),
    hostProcess: truth(at(value, 'windowsOptions', 'hostProcess')),
  });
}
