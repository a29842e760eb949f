import { isRecord } from '../../json';

/** A node of ComfyUI's graph, in its API format. */
export interface ComfyNode {
  readonly kind: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Limit of steps, because a graph in a file can be large or have cycles. Real graphs need fewer. */
const MOST_STEPS = 2000;

/** A graph that ComfyUI saves under `prompt`: nodes by id. An input is a value or a link to another node. */
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

  /** The node that an input is linked to, if it is linked; undefined for a value, and for a missing node. */
  isLinked(node: ComfyNode | undefined, input: string): boolean {
    return node !== undefined && Array.isArray(this.input(node, input));
  }

  /** The node that an input is linked to; undefined for a value, or above the limit of steps. */
  source(node: ComfyNode | undefined, input: string): ComfyNode | undefined {
    const link = node && this.input(node, input);
    if (!Array.isArray(link) || ++this.steps > MOST_STEPS) return undefined;
    return this.nodes.get(String(link[0]));
  }

  /** The value of an input, directly or through nodes that only hold a value. */
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
   * The text of an input: a value, or what nodes that hold, join or show texts make of it.
   * @param side which prompt it is for, where a node has both
   * @returns undefined where a text comes from a node of another kind
   */
  text(
    node: ComfyNode | undefined,
    input: string,
    side = '',
    depth = 0,
  ): { readonly text: string; readonly whole: boolean } | undefined {
    const own = node && this.input(node, input);
    if (typeof own === 'string') return { text: own, whole: true };
    const from = this.source(node, input);
    if (!from || depth > 20) return undefined;
    const names = Object.keys(from.inputs);
    const direct = ['populated_text', 'text_positive', input, side]
      .map((name) => from.inputs[name])
      .find((value) => typeof value === 'string');
    if (direct !== undefined) return { text: direct, whole: true };
    const parts = names.filter((name) => TEXT_PART.test(name)).sort(inOrder);
    const texts = parts.flatMap((name) => {
      if (!this.isLinked(from, name) && typeof from.inputs[name] !== 'string') return [];
      return [this.text(from, name, side, depth + 1)];
    });
    const read = texts.filter((text) => text !== undefined);
    if (read.length === 0) return undefined;
    const joint = ['delimiter', 'separator'].map((name) => from.inputs[name]);
    const delimiter = joint.find((one) => typeof one === 'string') ?? '';
    return {
      text: read.map(({ text }) => text).join(delimiter.replaceAll('\\n', '\n')),
      whole: read.length === texts.length && read.every(({ whole }) => whole),
    };
  }

  /**
   * The value of the first input in `inputs` that has one, in the node or in the nodes that its inputs in `by`
   * are linked to.
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

  /** The node and all nodes that these inputs lead to, nearest first. */
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

/** Inputs of nodes that hold or join texts: `text`, `string_a`, `text2`, `string1`, `value`. */
const TEXT_PART =
  /^(?:text|string|str|prompt|value|Text|String|Value|input)(?:_?(?:[a-h]|\d{1,2}))?$/;

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Inputs of nodes that only hold a value. */
const HOLDERS = ['value', 'Value', 'text', 'string', 'seed', 'int', 'float', 'number'];
