import { foreignSyntaxNotes } from '../core/prompt/foreign-syntax';
import type { GenerationRequest } from '../core/request/request';
import type { StyledRequest } from '../core/request/styles';
import type { Model } from './model/model';
import { editingNotes } from './pipeline/editing';
import type { JobPlan } from './pipeline/plan';
import { superResolutionNotes } from './pipeline/super-resolution';
import { unusedNotes } from './pipeline/unused';
import { upscalingNotes } from './pipeline/upscaling/requested';

/**
 * What the user is told of a request before it is drawn, in sentences: what has no effect, or another one than it may
 * seem.
 * @param request as it was asked, without what its speed stands for
 */
export function requestNotes(
  {
    plan,
    asked,
    styled,
  }: {
    readonly plan: JobPlan;
    readonly asked: GenerationRequest;
    readonly styled: StyledRequest;
  },
  request: GenerationRequest,
): string[] {
  const { model } = plan;
  return [
    model.schedulerWarning(request.scheduler) ?? [],
    attentionNotes(asked, model),
    editingNotes(asked, model),
    superResolutionNotes(asked, model),
    promptNotes(styled),
    upscalingNotes(asked),
    unusedNotes(request, plan),
    plan.source?.notes ?? [],
  ].flat();
}

/** What cannot be had of a model's attention. */
function attentionNotes({ tokenDownsampling }: GenerationRequest, model: Model): string[] {
  if (tokenDownsampling === 1 || model.weightCount !== undefined) return [];
  return [
    'This model consists of exported ONNX graphs, which are fixed: tokens are not downsampled.',
  ];
}

/** What the prompts have from other tools' syntaxes. The engine reads it as plain words. */
function promptNotes(request: StyledRequest): string[] {
  const { modelPrompt, modelNegativePrompt, promptSyntax, wildcards } = request;
  const { modelPrompt2 = '', modelNegativePrompt2 = '' } = request;
  const reading = { weighted: promptSyntax === 'weighted', wildcards };
  const texts = [modelPrompt, modelNegativePrompt, modelPrompt2, modelNegativePrompt2];
  const notes = texts.flatMap((text) => foreignSyntaxNotes(text, reading));
  return [...new Set(notes)];
}
