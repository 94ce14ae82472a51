type Node = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Node[];
};

/** A plan as `explain (analyze, format json)` tells it, with all that it is made of. */
export const parts = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(parts)];

/** All rows that it looked at, those included that were not wanted. */
export const looked = (node: Node): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops'];
