"""`python -m training`: runs every stage in order. What is done is skipped or continued."""

import argparse
import os
from pathlib import Path

from diffusers import UNet2DConditionModel

from .autoencoder import Autoencoder, released_autoencoder, train_autoencoder, train_decoder
from .encode_latents import encode_artwork, load_latents
from .export import export
from .fetch import fetch, teacher_folder
from .finetune_text_encoder import finetune_words
from .phrases import vocabulary_text
from .realign_cross_attention import realign_cross_attention
from .render import render
from .sample_sheets import draw_sheets
from .synonyms import find_synonyms
from .teacher import Teacher, embed_phrases
from .text_encoder import released_text_encoder, train_text_encoder
from .tokenizer import load_tokenizer, train_vocabulary
from .unet import train_unet
from .unet_model import make_unet

HERE = Path(__file__).resolve().parent


def arguments() -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    parser.add_argument("--work", type=Path, default=HERE / ".work", help="data and checkpoints")
    parser.add_argument(
        "--output",
        type=Path,
        default=HERE.parent / "models" / "starter",
        help="the diffusers folder to write",
    )
    parser.add_argument(
        "--from",
        dest="released",
        type=Path,
        metavar="FOLDER",
        help="start from a released model; keeps its text encoder and vocabulary",
    )
    parser.add_argument(
        "--new-words",
        action="store_true",
        help="with --from: train vocabulary and text encoder again, and adapt the UNet to them",
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes on a CPU")
    parser.add_argument("--text-minutes", type=float, default=20)
    parser.add_argument("--word-minutes", type=float, default=20)
    parser.add_argument("--autoencoder-minutes", type=float, default=40)
    parser.add_argument("--decoder-minutes", type=float, default=20)
    parser.add_argument("--unet-minutes", type=float, default=180)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    data, runs, workers = options.work / "data", options.work / "runs", options.workers
    released = options.released
    runs.mkdir(parents=True, exist_ok=True)
    fetch(data)
    render(data, workers)
    teacher = teacher_folder(data)
    phrases, embedded = embed_phrases(data, teacher)
    find_synonyms(data, phrases, embedded)
    keeps_words = released and not options.new_words
    vocabulary = (released if keeps_words else data) / "tokenizer"
    if not (vocabulary / "vocab.json").exists():
        train_vocabulary(vocabulary_text(data, phrases, teacher), vocabulary)
    tokenizer = load_tokenizer(vocabulary)
    if keeps_words:
        text_encoder = released_text_encoder(released)
    else:
        sentences = Teacher(teacher)
        text_encoder = train_text_encoder(
            phrases, embedded, tokenizer, sentences, runs, options.text_minutes, workers
        )
        text_encoder = finetune_words(
            text_encoder, data, tokenizer, sentences, runs, options.word_minutes, workers
        )
    autoencoder, unet = Autoencoder(), make_unet()
    if released:
        autoencoder = released_autoencoder(released)
        unet.load_state_dict(UNet2DConditionModel.from_pretrained(released / "unet").state_dict())
        if not keeps_words:
            old = (load_tokenizer(released / "tokenizer"), released_text_encoder(released))
            explained = realign_cross_attention(unet, old, (tokenizer, text_encoder), phrases)
            print(f"the new text encoder explains {explained:.0%} of the old one", flush=True)
    autoencoder = train_autoencoder(
        autoencoder, data, runs, options.autoencoder_minutes, workers, bool(released)
    )
    encode_artwork(data, autoencoder, workers)
    decoder = train_decoder(data, runs, autoencoder, options.decoder_minutes, workers)
    latents, notes = load_latents(data)
    unet = train_unet(
        unet, data, runs, latents, notes, tokenizer, text_encoder, options.unet_minutes, workers
    )
    export(options.output, vocabulary, text_encoder, unet, decoder)
    draw_sheets(options.output)


if __name__ == "__main__":
    main()
