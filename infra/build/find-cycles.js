/**
 * Finds import cycles: one, the shortest, for each group of files that reach each other (a strongly connected component).
 * @param {Map<string, Set<string>>} graph file -> the files it imports
 * @returns {string[][]} each cycle once, its first file alphabetically first; a file that imports itself is a cycle of one
 */
export function findCycles(graph) {
  return findComponents(graph)
    .filter((component) => component.length > 1 || graph.get(component[0])?.has(component[0]))
    .map((component) => shortestCycle(graph, new Set(component)));
}

/** Tarjan's strongly connected components. */
function findComponents(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const onStack = new Set();
  const components = [];
  const connect = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    onStack.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        connect(next);
        low.set(node, Math.min(low.get(node), low.get(next)));
      } else if (onStack.has(next)) low.set(node, Math.min(low.get(node), index.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    for (const member of component) onStack.delete(member);
    components.push(component);
  };
  for (const node of graph.keys()) if (!index.has(node)) connect(node);
  return components;
}

/** Breadth first from the alphabetically first file back to itself, inside its component. */
function shortestCycle(graph, component) {
  const start = [...component].toSorted()[0];
  const cameFrom = new Map();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return pathTo(node, cameFrom);
      if (!component.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return [start];
}

function pathTo(node, cameFrom) {
  const path = [node];
  while (cameFrom.has(path[0])) path.unshift(cameFrom.get(path[0]));
  return path;
}
