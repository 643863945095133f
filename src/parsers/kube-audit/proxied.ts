/** Requests that the API server passes on to a kubelet: `nodes/proxy` reaches all of its API, exec included. */

/** What the kubelet is asked for. */
export interface Proxied {
  /** Path at the kubelet: `/run/shop/web-0/web`. */
  readonly path: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
}

// /api/v1/nodes/node-1/proxy/run/shop/web-0/web?cmd=id     /api/v1/nodes/node-1:10250/proxy/exec/shop/web-0/8a5b…/web?command=id
const PROXY = /^\/api\/v1\/nodes\/[^/?]{1,300}\/proxy(?<path>\/[^?]{1,2048})/;
/** Of a pod's container; a uid may stand between the two. */
const OF_CONTAINER =
  /^\/(?:run|exec|attach|containerLogs|checkpoint|portForward)\/(?<namespace>[^/]{1,63})\/(?<pod>[^/]{1,253})(?:\/(?<rest>[^?]{1,200}))?$/;

/** @returns undefined for a URI that is not passed on to a node. */
export function parseProxied(uri: string): Proxied | undefined {
  const path = PROXY.exec(uri)?.groups?.['path'];
  if (path === undefined) return undefined;
  const groups = OF_CONTAINER.exec(path)?.groups;
  if (groups === undefined) return { path };
  return { path, namespace: groups['namespace'], pod: groups['pod'], container: groups['rest']?.split('/').pop() };
}
