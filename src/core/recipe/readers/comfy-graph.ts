import { isRecord } from '../../json';

/** A node of ComfyUI's graph in the form that its API takes. */
export interface ComfyNode {
  readonly kind: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Walks on a graph from a file may be long or go round; this many steps suffice for real ones. */
const MOST_STEPS = 2000;

/** A graph as ComfyUI saves it under `prompt`: nodes by id, inputs that are values or links to other nodes. */
export class ComfyGraph {
  private readonly nodes = new Map<string, ComfyNode>();
  private steps = 0;

  constructor(json: Readonly<Record<string, unknown>>) {
    for (const [id, node] of Object.entries(json)) {
      if (!isRecord(node) || !isRecord(node.inputs)) continue;
      this.nodes.set(id, { kind: String(node.class_type), inputs: node.inputs });
    }
  }

  all(): ComfyNode[] {
    return [...this.nodes.values()];
  }

  /** The node that an input comes from; undefined for a value, or when walks have become too many. */
  source(node: ComfyNode | undefined, input: string): ComfyNode | undefined {
    const link = node && this.input(node, input);
    if (!Array.isArray(link) || ++this.steps > MOST_STEPS) return undefined;
    return this.nodes.get(String(link[0]));
  }

  /** What a node's input holds, itself or by way of nodes that only hold a value. */
  value(node: ComfyNode | undefined, input: string): string | number | undefined {
    let at = node;
    let name = input;
    for (let depth = 0; at && depth < 20; depth++) {
      const held = this.input(at, name);
      if (typeof held === 'string' || typeof held === 'number') return held;
      at = this.source(at, name);
      const names = at ? Object.keys(at.inputs) : [];
      name = [input, ...HOLDERS].find((known) => names.includes(known)) ?? '';
    }
    return undefined;
  }

  /**
   * The first of some inputs that holds a value, in a node or in those that one of its inputs named in
   * `by` comes from.
   */
  find(node: ComfyNode | undefined, inputs: readonly string[], by: readonly string[] = []) {
    for (const at of [node, ...by.map((input) => this.source(node, input))]) {
      for (const input of inputs) {
        const value = this.value(at, input);
        if (value !== undefined) return value;
      }
    }
    return undefined;
  }

  /** A node and those behind it by way of these inputs, nearest first. */
  upstream(start: ComfyNode | undefined, inputs?: readonly string[]): ComfyNode[] {
    const found = new Set<ComfyNode>();
    const waiting = start ? [start] : [];
    for (let node = waiting.shift(); node; node = waiting.shift()) {
      if (found.has(node)) continue;
      found.add(node);
      for (const input of inputs ?? Object.keys(node.inputs)) {
        const next = this.source(node, input);
        if (next) waiting.push(next);
      }
    }
    return [...found];
  }

  private input(node: ComfyNode, name: string): unknown {
    return Object.hasOwn(node.inputs, name) ? node.inputs[name] : undefined;
  }
}

/** Inputs of nodes that do nothing but hold a value. */
const HOLDERS = ['value', 'Value', 'text', 'string', 'seed', 'int', 'float', 'number'];
