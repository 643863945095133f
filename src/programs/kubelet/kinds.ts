/**
 * Kubelet's constant messages and what they mean. The texts are those of
 * {@link https://github.com/kubernetes/kubernetes/tree/v1.34.4/pkg/kubelet | pkg/kubelet}; those of older versions are marked.
 * Messages that are not here stay log messages, with their fields.
 */
import type { Action } from '../../model/action.js';

/** Action, and the outcome where the message itself says one. */
export type Kind = readonly [Action, ('success' | 'failure')?];

const rows: Readonly<Record<string, Kind>> = {
  // The daemon
  'Started kubelet': ['kubelet.start', 'success'],
  'Starting kubelet main sync loop': ['kubelet.start'],
  'Kubelet version': ['kubelet.message'],
  'Adding static pod path': ['kubelet.message'],
  'Adding static pod source': ['kubelet.message'],
  'Adding pod URL with HTTP header': ['kubelet.message'],
  'Failed to listen and serve': ['network.listen', 'failure'],
  'Container runtime initialized': ['kubelet.message'],
  'Topology Admit Handler': ['kubelet.message'],
  'Failed to read pods from URL': ['kubelet.message', 'failure'],
  'Could not process manifest file': ['kubelet.message', 'failure'],
  'Unable to read config path': ['kubelet.message', 'failure'],
  'Unable to process watch event': ['kubelet.message', 'failure'],
  'Watching path': ['kubelet.message'],

  // Pods
  'Observed pod startup duration': ['pod.start', 'success'],
  'Error syncing pod, skipping': ['pod.sync-error', 'failure'],
  'Failed to admit pod': ['pod.sync-error', 'failure'],
  'Pod rejected by admission': ['pod.sync-error', 'failure'],
  'Failed to create sandbox for pod': ['pod.sync-error', 'failure'],
  'CreatePodSandbox for pod failed': ['pod.sync-error', 'failure'],
  'RunPodSandbox from runtime service failed': ['pod.sync-error', 'failure'],
  'Back-off restarting failed container': ['pod.sync-error', 'failure'],
  'Backing Off restarting container in pod': ['pod.sync-error', 'failure'],
  'Creating a mirror pod for static pod': ['pod.add'],
  'Deleted mirror pod because it is outdated': ['pod.remove'],
  "Deleted mirror pod as it didn't match the static Pod": ['pod.remove'],
  'Deleted mirror pod': ['pod.remove'],
  'Deleting a mirror pod': ['pod.remove'],
  'No sandbox for pod can be found. Need to start a new one': ['kubelet.message'],
  'No ready sandbox for pod can be found. Need to start a new one': ['kubelet.message'],
  'Creating PodSandbox for pod': ['kubelet.message'],
  'Created PodSandbox for pod': ['pod.start', 'success'],
  'Pod fully terminated and removed from etcd': ['pod.remove', 'success'],
  'Pod terminating with grace period': ['pod.kill'],
  'Pod is being removed by the kubelet, begin teardown': ['pod.kill'],
  'Pod is marked for graceful deletion, begin teardown': ['pod.kill'],
  'Pod is orphaned and must be torn down': ['pod.kill'],
  'Pod is being evicted by the kubelet, begin teardown': ['pod.evict'],
  'Pod is being synced for the first time': ['pod.add'],
  'KillPod failed': ['pod.kill', 'failure'],
  'StopPodSandbox from runtime service failed': ['pod.kill', 'failure'],
  'RemovePodSandbox from runtime service failed': ['pod.remove', 'failure'],

  // Containers
  'Generic (PLEG): container finished': ['container.exit'],
  'Container exited normally': ['container.exit'],
  'Creating container in pod': ['container.create'],
  'CreateContainer in sandbox from runtime service failed': ['container.create', 'failure'],
  'StartContainer from runtime service failed': ['container.start', 'failure'],
  'Container start failed in pod': ['container.start', 'failure'],
  'Killing container with a grace period': ['container.stop'],
  'Killing container with a grace period override': ['container.stop'],
  'Killing unwanted container for pod': ['container.stop'],
  // Why it is killed: a failed probe, a changed definition.
  'Message for Container of pod': ['kubelet.message'],
  'Container exited before grace period': ['container.exit'],
  'StopContainer from runtime service failed': ['container.stop', 'failure'],
  'Container termination failed with gracePeriod': ['container.stop', 'failure'],
  'Kill container failed': ['container.stop', 'failure'],
  RemoveContainer: ['container.remove'],
  'Removing container': ['container.remove'],
  'RemoveContainer from runtime service failed': ['container.remove', 'failure'],
  'Failed to remove container': ['container.remove', 'failure'],
  'DeleteContainer returned error': ['container.remove', 'failure'],
  'ExecSync cmd from runtime service failed': ['container.exec', 'failure'],
  'Exec from runtime service failed': ['pod.exec', 'failure'],
  'Attach container from runtime service failed': ['pod.attach', 'failure'],
  'PortForward from runtime service failed': ['pod.portforward', 'failure'],
  'Exec lifecycle hook for Container in Pod failed': ['container.exec', 'failure'],

  // Probes
  'Probe failed': ['probe.fail', 'failure'],
  'Probe errored': ['probe.fail', 'failure'],
  'Probe errored and resulted in unknown state': ['probe.fail', 'failure'],
  'Probe succeeded': ['kubelet.message', 'success'],

  // Images
  'PullImage from image service failed': ['image.pull', 'failure'],
  'Failed to pull image': ['image.pull', 'failure'],
  'Removing image to free bytes': ['image.remove'],
  'RemoveImage from image service failed': ['image.remove', 'failure'],
  'Failed to remove image': ['image.remove', 'failure'],

  // Volumes
  'Cleaned up orphaned pod volumes dir': ['volume.unmount', 'success'],
  'Cleaned up orphaned volume from pod': ['volume.unmount', 'success'],
  'Cleaned up orphaned volume subpath from pod': ['volume.unmount', 'success'],
  'Unable to attach or mount volumes for pod; skipping pod': ['volume.mount', 'failure'],

  // Pressure and eviction
  'Eviction manager: attempting to reclaim': ['node.condition'],
  'Eviction manager: must evict pod(s) to reclaim': ['node.condition'],
  'Eviction manager: able to reduce resource pressure without evicting pods.': ['node.condition'],
  'Eviction manager: node conditions - observed': ['node.condition'],
  'Evicting pod': ['pod.evict'],
  'Pod evicted successfully': ['pod.evict', 'success'],
  'Preempting pod to free up resources': ['pod.evict'],
  'Eviction manager: pod is evicted successfully': ['pod.evict', 'success'],
  'Eviction manager: pod failed to evict': ['pod.evict', 'failure'],
  'Failed to evict pod': ['pod.evict', 'failure'],

  // The node
  'Node became not ready': ['node.condition'],
  'Fast updating node status as it just became ready': ['node.condition'],
  'Recording event message for node': ['node.condition'],
  'Skipping pod synchronization': ['node.condition'],
  'Container runtime network not ready': ['node.condition'],
  'Container runtime not ready': ['node.condition'],
  'Attempting to register node': ['node.condition'],
  'Successfully registered node': ['node.condition', 'success'],
  'Node was previously registered': ['node.condition'],
  'Unable to register node with API server': ['node.condition', 'failure'],
  'Unable to register node with API server, reason is forbidden': ['node.condition', 'failure'],
  'Unable to update node status': ['node.condition', 'failure'],
  'Error updating node status, will retry': ['node.condition', 'failure'],
  'Shutdown manager detected new shutdown event': ['node.condition'],
  'Shutdown manager detected new shutdown event, isNodeShuttingDownNow': ['node.condition'],
  'Shutdown manager processing shutdown event': ['node.condition'],

  // Certificates
  'Certificate rotation is enabled': ['certificate.change'],
  'Certificate rotation is not enabled, no connection to the apiserver': ['certificate.change'],
  'Certificate rotation deadline determined': ['certificate.change'],
  'Rotating certificates': ['certificate.change'],
  'Certificate template changed, rotating': ['certificate.change'],
  'Current certificate is expired': ['certificate.change', 'failure'],
  'Certificate rotation detected, shutting down client connections to start using new credentials': ['certificate.change', 'success'],
  'Certificate request was not signed': ['certificate.change', 'failure'],
  'Failed while requesting a signed certificate from the control plane': ['certificate.change', 'failure'],
  'Unable to generate a certificate signing request': ['certificate.change', 'failure'],
  'Unable to load a client to request certificates': ['certificate.change', 'failure'],
  'Unable to store the new cert/key pair': ['certificate.change', 'failure'],
  'Reached backoff limit, still unable to rotate certs': ['certificate.change', 'failure'],
  'Loading client cert failed': ['certificate.change', 'failure'],
  'Client rotation is on, will bootstrap in background': ['certificate.change'],
  'Loading cert/key pair from a file': ['kubelet.message'],
  'Shutting down client certificate rotation controller': ['kubelet.message'],
  'The currently active client certificate has expired and the server is responsive, exiting.': ['certificate.change', 'failure'],
  'No valid client certificate is found and the server is responsive, exiting.': ['certificate.change', 'failure'],
};

const kinds: ReadonlyMap<string, Kind> = new Map(Object.entries(rows));

export function kindOf(text: string): Kind | undefined {
  return kinds.get(text);
}
