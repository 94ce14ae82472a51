import { type KubernetesObject, type Running, rendered, running } from './rendered.ts';

/** The group as production has it. */
export const objects = rendered('deploy/k3s/production');
export const pods = running(objects);

export const ofKind = (kind: string): KubernetesObject[] => objects.filter((object) => object.kind === kind);

export function named(kind: string, name: string): KubernetesObject {
  const found = ofKind(kind).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}

/** What Node is told before it is told what to run. */
export const nodeFlags = (name: string): string[] => pod(name).pod.containers[0]?.command.slice(1, -1) ?? [];

export function pod(name: string): Running {
  const found = pods.find((one) => one.name === name);
  if (!found) throw new Error(`Nothing runs as ${name}.`);
  return found;
}
