"""The things the model must draw first: common words that a newcomer would try, and how often each is shown."""

import numpy as np

from .further import FURTHER
from .lists import names_in
from .sources import SOURCES

COMMON = names_in("""
red apple, green apple, banana, grapes, strawberry, cherries, lemon, watermelon, pineapple, tangerine, pear,
peach, tomato, carrot, ear of corn, mushroom, bread, cheese wedge, hamburger, pizza, french fries, hot dog,
taco, egg, cooking, doughnut, cookie, birthday cake, shortcake, cupcake, ice cream, soft ice cream, lollipop,
candy, chocolate bar, hot beverage, teacup without handle, beer mug, wine glass, popcorn, pancakes,
cat, cat face, dog, dog face, fox, lion, tiger face, horse, horse face, cow face, pig face, rabbit face, rabbit,
bear, panda, koala, monkey face, monkey, elephant, mouse face, hamster, frog, turtle, snake, crocodile, whale,
spouting whale, dolphin, fish, tropical fish, shark, octopus, crab, bird, penguin, chicken, duck, owl, eagle,
butterfly, honeybee, lady beetle, ant, spider, snail, unicorn, dragon, t-rex, sauropod, giraffe, zebra, camel,
sunflower, rose, tulip, cherry blossom, blossom, hibiscus, four leaf clover, maple leaf, evergreen tree,
deciduous tree, palm tree, cactus, potted plant, seedling,
automobile, sport utility vehicle, taxi, bus, fire engine, police car, ambulance, delivery truck, tractor,
motorcycle, bicycle, kick scooter, locomotive, airplane, helicopter, rocket, flying saucer, sailboat, ship,
speedboat, anchor, house, house with garden, castle, office building, tent, mountain,
snow-capped mountain, volcano, desert island, ferris wheel, sun, sun with face, full moon, crescent moon, star,
glowing star, cloud, cloud with rain, rainbow, snowflake, snowman without snow, fire, droplet, high voltage,
umbrella, balloon, wrapped gift, christmas tree, jack-o-lantern, soccer ball, basketball, tennis, baseball,
trophy, guitar, trumpet, violin, drum, musical keyboard, microphone, headphone, video game, teddy bear,
light bulb, candle, flashlight, laptop, desktop computer, mobile phone, telephone, television, camera, radio,
alarm clock, watch, hourglass not done, key, locked, hammer, wrench, scissors, paperclip, pencil, paintbrush,
crayon, artist palette, closed book, open book, books, newspaper, envelope, package, money bag, gem stone, ring,
crown, top hat, glasses, sunglasses, t-shirt, jeans, dress, high-heeled shoe, running shoe, backpack, handbag,
shopping cart, bell, magnet, telescope, microscope, test tube, pill, toilet, bathtub, bed, chair, door, broom,
basket, soap, toothbrush, red heart, broken heart, ghost, robot, alien, skull, pile of poo, clown face,
grinning face, smiling face with sunglasses, smiling face with smiling eyes, smiling face with heart-eyes,
angry face, crying face, thumbs up, bomb, compass, globe showing americas, world map, parachute, kite
""")
"""Names as the artwork has them."""

USEFUL = names_in("""
gear, shield, bar chart, chart increasing, open file folder, magnifying glass tilted left, bug, check mark button,
cross mark, warning, wastebasket, link, pushpin, electric plug, satellite, globe with meridians, puzzle piece,
hammer and wrench, floppy disk, printer, keyboard, computer mouse, joystick, memo, toolbox, stopwatch, thermometer,
dna, bullseye, party popper, sparkles, crystal ball, magic wand, thought balloon, eye, brain, bone, tooth, sloth,
otter, raccoon, avocado, eggplant, broccoli, croissant, pretzel, potato, coconut, mango, hot pepper, honey pot,
clapper board, movie camera, canoe, satellite antenna, stop sign, sunset, sunrise, beach with umbrella, camping,
locked with key, old key, inbox tray, coin, receipt, graduation cap, school, bank, hospital, factory, chess pawn,
game die, parrot, peacock, flamingo, swan, deer, llama, kangaroo, hippopotamus, gorilla, bat, squid, lobster, seal,
ringed planet, comet, tornado, water wave, lotus, bouquet, shamrock, fallen leaf, ninja, astronaut, mage, baby,
tear-off calendar, bookmark
""")
"""What else is worth knowing: much of it what the docs of a program speak of."""

PLAIN = {
    "automobile": "car", "sport utility vehicle": "suv, jeep", "hot beverage": "coffee, cup of coffee, mug, tea",
    "airplane": "plane, aeroplane", "desktop computer": "computer", "mobile phone": "phone, cell phone",
    "wrapped gift": "gift, present", "deciduous tree": "tree", "evergreen tree": "pine tree, conifer",
    "locomotive": "train, steam train", "blossom": "flower, daisy", "closed book": "book", "top hat": "hat",
    "red heart": "heart", "gem stone": "gem, diamond", "high voltage": "lightning bolt, lightning",
    "droplet": "water drop, drop", "jack-o-lantern": "pumpkin, halloween pumpkin", "t-shirt": "shirt",
    "running shoe": "shoe, trainer", "high-heeled shoe": "high heel", "locked": "lock, padlock",
    "soccer ball": "football, ball", "honeybee": "bee", "ear of corn": "corn", "cheese wedge": "cheese",
    "beer mug": "beer", "snowman without snow": "snowman", "lady beetle": "ladybird, beetle",
    "t-rex": "dinosaur", "grinning face": "happy face, smiley, smiling face",
    "smiling face with smiling eyes": "smile, blushing face", "crying face": "sad face, crying",
    "red apple": "apple", "snow-capped mountain": "snowy mountain", "office building": "building",
    "flying saucer": "ufo", "envelope": "letter, mail", "package": "box, cardboard box",
    "delivery truck": "truck", "doughnut": "donut", "hamburger": "burger", "french fries": "fries",
    "soft ice cream": "ice cream cone", "birthday cake": "cake", "cooking": "fried egg, frying pan",
    "tiger face": "tiger", "cow face": "cow", "pig face": "pig", "mouse face": "mouse",
    "clown face": "clown", "angry face": "angry smiley", "smiling face with sunglasses": "cool face",
    "smiling face with heart-eyes": "face in love", "pile of poo": "poop", "teddy bear": "teddy",
    "video game": "game controller, gamepad", "musical keyboard": "piano", "artist palette": "palette, paint",
    "potted plant": "plant, house plant", "alarm clock": "clock", "hourglass not done": "hourglass",
    "globe showing americas": "globe, earth, planet", "television": "tv", "wrench": "tool", "handbag": "bag",
    "kick scooter": "scooter", "bicycle": "bike", "sun with face": "smiling sun",
    "house with garden": "house with a garden", "house": "home", "crescent moon": "moon",
    "glowing star": "shining star", "wine glass": "glass of wine, wine",
    "teacup without handle": "cup of tea, green tea", "desert island": "island", "palm tree": "palm",
    "spouting whale": "whale spouting water", "tropical fish": "aquarium fish", "pizza": "slice of pizza",
    "cherries": "cherry", "rocket": "space ship, starship",
    "paintbrush": "brush", "compass": "navigation compass", "magnet": "horseshoe magnet", "fire": "campfire",
    "glasses": "eyeglasses", "backpack": "school bag", "cloud with rain": "rain, rain cloud",
    "money bag": "money, bag of money", "open book": "opened book", "ship": "cruise ship, ferry",
    "sailboat": "boat, sailing boat",
    "speedboat": "motor boat", "test tube": "laboratory tube", "headphone": "headphones",
    "microphone": "mic", "dress": "blue dress", "jeans": "pants", "chicken": "rooster", "egg": "white egg",
    "gear": "cog, settings", "bar chart": "chart, graph", "chart increasing": "line chart, growth",
    "open file folder": "folder, directory", "magnifying glass tilted left": "magnifying glass, search",
    "bug": "caterpillar", "check mark button": "check mark, tick", "cross mark": "cross, error",
    "warning": "warning sign", "wastebasket": "waste bin, trash can", "link": "chain", "pushpin": "pin",
    "electric plug": "plug", "globe with meridians": "internet, world wide web", "puzzle piece": "puzzle, plugin",
    "hammer and wrench": "tools", "floppy disk": "diskette, save", "computer mouse": "mouse pointer device",
    "memo": "note, document", "thought balloon": "thought bubble", "bullseye": "target", "sparkles": "magic",
    "clapper board": "film, movie", "satellite antenna": "satellite dish", "beach with umbrella": "beach",
    "locked with key": "secure lock", "inbox tray": "inbox, download", "game die": "dice, die",
    "ringed planet": "saturn", "water wave": "wave, sea", "fallen leaf": "leaf", "mage": "wizard",
    "tear-off calendar": "calendar", "hot pepper": "chili pepper",
    "graduation cap": "academic cap", "old key": "antique key", "camping": "camp site",
}
PLAIN |= {name: plain for name, plain in FURTHER.items() if plain}
"""What people call them: names of the artwork are Unicode's. No word is given to two things: a model of
this size would draw a little of both."""

TAUGHT = COMMON | USEFUL | FURTHER.keys()


def names_of(name: str) -> list[str]:
    """What a taught thing is called by: its name in the artwork, and what people call it."""
    return [name, *PLAIN.get(name, name).split(", ")]


def plain_word(name: str) -> str:
    """What people call it first."""
    return names_of(name)[1]


def piece_weights(words: list, rare: float, groups: dict[int, float]) -> np.ndarray:
    """How often each piece is shown: by its source; things that are not taught `rare` times as often, and of
    those the emoji groups in `groups` that much less again."""
    source = {one.key: one.weight for one in SOURCES}

    def share(name: str, group: int) -> float:
        return 1.0 if name in TAUGHT else rare * groups.get(group, 1.0)

    return np.array([source[one.source] * share(one.phrases[0], one.group) for one in words])
