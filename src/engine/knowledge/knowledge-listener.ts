import {
  judgeKnowledge,
  judgeLeftOut,
  judgeReplaced,
  needsSecondDrawing,
  recognise,
  replacedBy,
  subjectOf,
  type Disagreement,
  type Likeness,
  type SubjectKnowledge,
} from '../../core/composition/knowledge';
import { starterVocabulary } from '../../core/composition/words';
import { withArticle } from '../../core/composition/words/spelling';
import type { DrawnImage } from '../../core/image/pixels';
import { draw } from '../pipeline/draw';
import { JobClock } from '../pipeline/job-clock';
import type { JobPlan, PlannedImage } from '../pipeline/plan';
import type { Networks } from '../model/network';
import type { ThingFeatures } from './thing-features';

/** How far the second drawing's seed is from the first's. */
const SEED_STEP = 7_919;
/** Steps of the second drawing: as telling as the model's own eight, in half the time. */
const STEPS = 4;
/** How many of the likest things are looked at. */
const LIKEST = 6;

/** Gathers what a model knows of the subjects of each image of a job. */
export class KnowledgeListener {
  private readonly heard: SubjectKnowledge[] = [];
  private readonly judge: KnowledgeJudge | undefined;

  /** @param context undefined for a model that does not say what it was taught */
  constructor(context: KnowledgeContext | undefined) {
    this.judge = context && new KnowledgeJudge(context);
  }

  /** Called with each drawing; see `KnowledgeJudge.judge`. */
  async hear(...drawing: Parameters<KnowledgeJudge['judge']>): Promise<void> {
    if (this.judge) this.heard.push(await this.judge.judge(...drawing));
  }

  /**
   * What there is to say of the image whose drawings were heard.
   * @param leftOut words of which nothing is in the image
   */
  async take(leftOut: readonly string[] = []): Promise<readonly SubjectKnowledge[]> {
    const said = this.heard.splice(0);
    if (!this.judge) return said;
    for (const subject of leftOut) said.push(await this.judge.leftOut(subject));
    return said;
  }
}

interface KnowledgeContext {
  readonly plan: JobPlan;
  readonly networks: Networks;
  readonly signal: AbortSignal;
  readonly things: ThingFeatures;
}

/** Says of each subject of a job how well the model knows it. Words are judged once in a job. */
class KnowledgeJudge {
  private readonly judged = new Map<string, Promise<SubjectKnowledge>>();

  private readonly known = starterVocabulary();

  constructor(private readonly context: KnowledgeContext) {}

  /**
   * @param words of the subject, without those of a style
   * @param prompt that they were read from
   * @param planned what the model was given for it
   * @param drawn what it drew
   */
  async judge(
    words: string,
    prompt: string,
    planned: PlannedImage,
    drawn: DrawnImage,
  ): Promise<SubjectKnowledge> {
    const subject = subjectOf(words);
    const before = this.judged.get(subject);
    if (before) return before;
    const judging = this.look(subject, prompt, planned, drawn);
    this.judged.set(subject, judging);
    return judging;
  }

  /** @param word of a prompt of which nothing is drawn */
  async leftOut(word: string): Promise<SubjectKnowledge> {
    const likenesses = await this.likenesses(word);
    return judgeLeftOut({ subject: word, known: this.known, likenesses });
  }

  private async look(
    subject: string,
    prompt: string,
    planned: PlannedImage,
    drawn: DrawnImage,
  ): Promise<SubjectKnowledge> {
    const { known } = this;
    const name = recognise(subject, known);
    if (name?.sense === 'name') {
      const asked = replacedBy(name.thing, prompt, known);
      if (asked === undefined) return { subject, level: 'known', nearest: [] };
      const likenesses = await this.likenesses(asked);
      return judgeReplaced(name.thing, { subject: asked, known, likenesses });
    }
    const likenesses = await this.likenesses(subject);
    const isTelling = this.drawsAsUsual && needsSecondDrawing(likenesses);
    const disagreement = isTelling ? await this.compare(planned, drawn) : undefined;
    return judgeKnowledge({ subject, known, likenesses, disagreement });
  }

  private async likenesses(subject: string): Promise<readonly Likeness[]> {
    const { plan, networks, things } = this.context;
    const [features] = await plan.model.textFeatures(networks, [withArticle(subject)]);
    return things.nearest(features!, LIKEST);
  }

  /** Whether two seeds tell something: not from a sketch, at another size or with few steps. */
  private get drawsAsUsual(): boolean {
    const { model, source, first, second, guided } = this.context.plan;
    return (
      source === undefined &&
      second === undefined &&
      guided &&
      first.width === model.nativeSize.width &&
      first.height === model.nativeSize.height &&
      first.steps >= STEPS
    );
  }

  private async compare(planned: PlannedImage, drawn: DrawnImage): Promise<Disagreement> {
    const { plan, networks, signal } = this.context;
    const seed = (planned.seed + SEED_STEP) % Number.MAX_SAFE_INTEGER;
    const first = { ...plan.first, steps: STEPS, calls: STEPS };
    let other = drawn;
    await draw({
      plan: { ...plan, images: [{ ...planned, seed }], first },
      networks,
      signal,
      // What the user waits for is counted without it: no step is reported either.
      clock: new JobClock(),
      listener: {
        step: () => Promise.resolve(),
        image: (_image, _seed, second) => Promise.resolve(void (other = second)),
      },
    });
    return differ(drawn, other);
  }
}

/** How two drawings of one size differ, where one of them has something. */
function differ(a: DrawnImage, b: DrawnImage): Disagreement {
  let [colour, opacity, area] = [0, 0, 0];
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    const [first, second] = [a.opacity?.[pixel] ?? 255, b.opacity?.[pixel] ?? 255];
    const weight = Math.max(first, second);
    let sum = 0;
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) sum += Math.abs(a.data[at]! - b.data[at]!);
    colour += (sum / 3 / 255) * weight;
    opacity += Math.abs(first - second);
    area += weight;
  }
  return { colour: colour / Math.max(area, 1), opacity: opacity / Math.max(area, 1) };
}
