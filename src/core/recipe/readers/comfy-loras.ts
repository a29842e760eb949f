import { isRecord } from '../../json';
import { readNumber, readString, type FoundLora } from '../foreign';
import { loraTags } from '../lora-tags';
import type { ComfyGraph, ComfyNode } from './comfy-graph';

/** An input with the name of a LoRA: `lora_name`, and with a number in the nodes that stack several. */
const NAME = /^lora(?:_name)?_?(\d{1,2})?$/i;
/** The inputs with its weight; `#` is its number. */
const WEIGHTS = [
  ...['strength_model', 'lora_model_strength', 'strength', 'model_strength', 'lora_wt', 'weight'],
  ...['model_str_#', 'lora_wt_#', 'model_weight_#', 'strength_model_#', 'strength_#', 'weight_#'],
];

/**
 * The LoRAs of one node: of a loader (ComfyUI, Efficiency Nodes), of a stack of several (Efficiency Nodes, Comfyroll,
 * rgthree), or of rgthree's Power Lora Loader, where each is an object.
 */
export function comfyLoras(graph: ComfyGraph, node: ComfyNode): FoundLora[] {
  const loras: FoundLora[] = [];
  const count = readNumber(graph.value(node, 'lora_count'));
  for (const [input, value] of Object.entries(node.inputs)) {
    const number = NAME.exec(input)?.[1];
    if (isRecord(value)) {
      const name = readString(value.lora);
      if (name !== undefined && value.on !== false) {
        loras.push({ name, scale: readNumber(value.strength) });
      }
    } else if (NAME.test(input)) {
      const name = graph.value(node, input);
      const isOff = /^off$/i.test(String(node.inputs[`switch_${number ?? ''}`]));
      const isUnused = count !== undefined && Number(number ?? 0) > count;
      if (typeof name !== 'string' || isOff || isUnused || /^none$/i.test(name)) continue;
      loras.push({ name, scale: weightOf(graph, node, number) });
    }
  }
  const text = graph.value(node, 'text');
  if (/lora/i.test(node.kind) && typeof text === 'string') loras.push(...loraTags(text).loras);
  return loras;
}

function weightOf(graph: ComfyGraph, node: ComfyNode, number?: string): number | undefined {
  for (const pattern of WEIGHTS) {
    if (pattern.includes('#') !== (number !== undefined)) continue;
    const weight = readNumber(graph.value(node, pattern.replace('#', number ?? '')));
    if (weight !== undefined) return weight;
  }
  return undefined;
}
