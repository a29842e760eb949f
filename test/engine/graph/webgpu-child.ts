import { GraphCase } from './graph-case';
import { relativeError, runGraph } from './run-graph';

/**
 * Runs graph cases (the arguments) on WebGPU and prints a line of JSON with the largest error of each.
 * A process of its own, because the Vulkan driver is chosen by environment variables at its start.
 */
async function main(names: readonly string[]): Promise<void> {
  const errors: Record<string, number> = {};
  for (const name of names) {
    const graphCase = new GraphCase(name);
    const weights = await graphCase.weights();
    const options = { executionProviders: ['webgpu', 'cpu'], logSeverityLevel: 3 } as const;
    for (const run of graphCase.runs(weights, { device: 'webgpu' })) {
      const outputs = await runGraph(run.graph, run.inputs, options);
      for (const [output, expected] of Object.entries(run.expected)) {
        errors[`${name}/${output}`] = relativeError(outputs[output]!, expected);
      }
    }
  }
  process.stdout.write(JSON.stringify(errors));
}

void main(process.argv.slice(2));
