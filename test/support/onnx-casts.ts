import assert from 'node:assert/strict';
import { onnx } from 'onnx-proto';

const { FLOAT } = onnx.TensorProto.DataType;

/** The graph takes an input in another type and casts it itself. */
export function castInput(graph: onnx.GraphProto, name: string, type: number): void {
  const value = graph.input.find((input) => input.name === name);
  const own = value?.type?.tensorType;
  assert.ok(own);
  const inner = `${name}_cast`;
  for (const node of graph.node) {
    node.input = (node.input ?? []).map((input) => (input === name ? inner : input));
  }
  graph.node.unshift(castNode(name, inner, own.elemType ?? FLOAT));
  own.elemType = type;
}

/** The graph casts an output to another type. */
export function castOutput(graph: onnx.GraphProto, name: string, type: number): void {
  const own = graph.output.find((output) => output.name === name)?.type?.tensorType;
  assert.ok(own);
  const inner = `${name}_cast`;
  for (const node of graph.node) {
    node.output = (node.output ?? []).map((output) => (output === name ? inner : output));
  }
  graph.node.push(castNode(inner, name, type));
  own.elemType = type;
}

function castNode(input: string, output: string, type: number): onnx.NodeProto {
  const to = { name: 'to', type: onnx.AttributeProto.AttributeType.INT, i: type };
  return onnx.NodeProto.create({
    ...{ opType: 'Cast', name: `cast_${output}`, input: [input], output: [output] },
    attribute: [to],
  });
}
