import { Middleware, TLSOption } from '@kubernetes-models/traefik/traefik.io/v1alpha1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { CronJob } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import type { KubernetesObject } from './rendered.ts';

const OBJECTS = [
  ConfigMap,
  CronJob,
  Deployment,
  Ingress,
  Middleware,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  StatefulSet,
  TLSOption,
];
/** The rest of an object is read through its schema. */
const AT_THE_TOP = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'data']);

/** What Kubernetes' own schema, or Traefik's, has against an object; a field that it does not know included. */
export function faultsOf(object: KubernetesObject): string[] {
  const name = `${object.kind} ${object.metadata.name}`;
  const known = OBJECTS.find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
  if (!known) return [`${name}: no schema is known of ${object.apiVersion}`];
  const looked = new Set<string>();
  const { validate } = known.prototype as { validate(this: unknown): void };
  try {
    validate.call(watched(object, '', looked));
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : error}`];
  }
  return unseen(object, '', looked).map((path) => `${name}: ${path} is no field of it`);
}

/**
 * Kubernetes' schemas do not forbid what they do not know, yet its server does. A validator reads whatever its schema
 * names: what was never read has a name that is nobody's.
 */
function watched(value: unknown, path: string, looked: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const found = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol') return found;
      looked.add(`${path}/${key}`);
      return watched(found, `${path}/${key}`, looked);
    },
  });
}

function unseen(value: unknown, path: string, looked: Set<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${path}/${key}`;
    if (path === '' ? !AT_THE_TOP.has(key) : !looked.has(at)) return [at];
    return unseen(child, at, looked);
  });
}
