// `npm run measure:knowledge`: draws the prompts of bench/knowledge/drawings.json with the starter, as they are,
// and counts what is said of those that were judged right, usable, wrong (another thing, drawn well) or a smear
// by looking at the drawings of seed 1.
import path from 'node:path';
import judged from '../bench/knowledge/drawings.json';
import { drawOneImage, generatorOf } from '../src/client/engine';
import { openEngine } from '../src/client/open';
import { KNOWLEDGE_LEVELS, type SubjectKnowledge } from '../src/core/composition/knowledge';
import { build, root, runMain } from './steps';

const JUDGEMENTS = ['right', 'usable', 'wrong', 'smear'] as const;

async function main(): Promise<void> {
  build();
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js') });
  const generator = generatorOf(engine);
  const counts = new Map<string, number>();
  const surprises: string[] = [];
  for (const [prompt, judgement] of Object.entries(judged)) {
    const { image } = await drawOneImage(
      generator,
      { prompt, seed: 1, model: 'starter', ground: 'none', device: 'cpu' },
      {},
    );
    const [knowledge] = image.knowledge ?? [];
    if (!knowledge) throw new Error(`Nothing is said of "${prompt}".`);
    const key = `${knowledge.level} ${judgement}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const isSmear = judgement === 'smear';
    if (
      isSmear !== (knowledge.level === 'unknown') ||
      (judgement === 'wrong' && knowledge.level === 'known')
    ) {
      surprises.push(describe(prompt, judgement, knowledge));
    }
  }
  engine.dispose();
  console.log(['', ...JUDGEMENTS].map((word) => word.padEnd(9)).join(''));
  for (const level of KNOWLEDGE_LEVELS) {
    const row = JUDGEMENTS.map((judgement) => String(counts.get(`${level} ${judgement}`) ?? 0));
    console.log([level, ...row].map((word) => word.padEnd(9)).join(''));
  }
  console.log(`\nOther than expected:\n${surprises.join('\n')}`);
}

function describe(
  prompt: string,
  judgement: string,
  { level, drawnAs, nearest }: SubjectKnowledge,
): string {
  const things = [drawnAs && `as ${drawnAs}`, ...nearest].filter(Boolean).join(', ');
  return `  ${prompt}: ${judgement}, ${level} (${things})`;
}

runMain(main);
