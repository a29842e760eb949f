"""Things beyond the common and the useful ones, each with what people call it, behind a colon, where that is
not its name in the artwork."""

from .lists import entries_in

_LIST = """
badger; beaver; bison; boar; baby chick: chick; cricket; dodo; donkey; dove; ewe: sheep; feather; fly; goat;
hedgehog; jellyfish; leopard; mammoth; microbe; moose; mosquito; orangutan; ox; oyster; paw prints: paw print;
phoenix; polar bear; poodle; ram; rat; rhinoceros: rhino; scorpion; spider web: cobweb; wolf; worm;
spiral shell: sea shell, shell; turkey; chipmunk: squirrel; coral: coral reef; nest with eggs: bird's nest, nest;
wing; blowfish: puffer fish; black bird: crow, raven; black cat; herb: herbs;

bacon; baguette bread: baguette; beans; bell pepper; beverage box: juice box; blueberries: blueberry;
bottle with popping cork: champagne bottle, champagne; bowl with spoon: bowl of cereal, bowl; bubble tea; butter;
canned food: tin can, can; cocktail glass: martini; cucumber; cup with straw: soft drink; cut of meat: steak;
dumpling; fork and knife: cutlery, fork; fork and knife with plate: plate; fortune cookie; garlic;
glass of milk: milk; green salad: salad; ice: ice cube; jar; kitchen knife: knife; kiwi fruit: kiwi;
leafy green: lettuce; lime; meat on bone: meat; melon; olive; onion; pea pod: peas; peanuts: peanut; pie;
pot of food: pot, stew; poultry leg: chicken leg; rice ball; cooked rice: bowl of rice, rice; salt; sandwich;
spaghetti: pasta, noodles; spoon; steaming bowl: ramen, bowl of soup; sushi; teapot; tropical drink: cocktail;
tumbler glass: whisky; waffle;

brick: bricks, brick wall; bullet train; carousel horse: carousel; church; circus tent: circus;
cityscape: city, skyline; classical building: temple, museum; cloud with lightning: thunderstorm;
cloud with snow: snow cloud, snow; construction: barrier; convenience store: shop; derelict house: haunted house;
desert; fountain; hotel; hut; japanese castle: pagoda; luggage: suitcase; minibus: van; motor scooter: moped;
motorway: road, highway; mount fuji; oil drum: oil barrel, barrel; pickup truck; playground slide: slide;
police car light: siren; post office; racing car: race car; railway track: railway; ring buoy: life buoy;
rock: stone; roller coaster; seat: armchair; shooting star; skateboard; stadium; statue of liberty;
sun behind cloud: partly cloudy; sunrise over mountains; tokyo tower: tower; tram; wheel: tyre;
vertical traffic light: traffic light; umbrella with rain drops: umbrella in the rain; wood: log, logs;
foggy: fog; houses: village; bridge at night: bridge;

1st place medal: gold medal, medal; american football; badminton; boxing glove; diving mask: snorkel; fireworks;
fishing pole: fishing rod; framed picture: painting, picture frame; ice hockey; ice skate; military medal;
mirror ball: disco ball; performing arts: theater masks, mask; pool 8 ball: billiard ball; ribbon: bow;
sewing needle: needle; skis: ski; sled: sledge; slot machine; thread: spool; ticket; volleyball;
water pistol: water gun; yarn: ball of wool, wool; yo-yo; nesting dolls: matryoshka; firecracker;

abacus; accordion; adhesive bandage: band-aid, plaster; alembic: flask, chemistry; axe; banjo; ballet shoes;
battery; bikini; billed cap: cap, baseball cap; black nib: pen nib; boomerang; bow and arrow; briefcase;
bubbles: soap bubbles; bucket; clipboard; coat; coffin; closed mailbox with raised flag: mailbox;
unlocked: open lock; couch and lamp: sofa, couch; credit card; crossed swords: swords, sword; dagger;
dollar banknote: banknote, dollar; drop of blood: blood; optical disk: cd, compact disc; elevator; file cabinet;
film frames: film strip; film projector: projector; fire extinguisher; flute; fountain pen; gloves: glove;
goggles; headstone: gravestone; hiking boot: boot; hook; identification card: id card; kimono; lab coat;
label: tag; ladder; lipstick; lotion bottle: bottle; loudspeaker; megaphone; military helmet: helmet; mirror;
mouse trap; moai: stone head; musical note: music note; musical score: sheet music; necktie: tie;
nut and bolt: screw, bolt; pen; petri dish; outbox tray: outbox, upload; page facing up: page, sheet of paper;
pick: pickaxe; plunger; postbox: letter box; razor; red paper lantern: lantern, paper lantern;
rescue worker's helmet: hard hat, safety helmet; roll of paper: toilet paper; safety pin; safety vest; scarf;
screwdriver; scroll; shopping bags: shopping bag; shorts; shower; socks: sock; speaker high volume: speaker, loud;
spiral notepad: notepad; notebook; sponge; stethoscope; straight ruler: ruler; thong sandal: sandal, flip flop;
triangular ruler: set square; window; woman's hat; video camera: camcorder; telephone receiver: phone receiver;
timer clock: timer; x-ray;

construction worker: builder; cook: chef; detective; farmer; firefighter; police officer: policeman; scientist;
pilot; santa claus: santa, father christmas; mermaid; zombie; fairy; elf; genie; superhero: hero; princess;
prince; health worker: doctor, nurse; man; woman; boy; girl; person: avatar, user; old man: grandfather;
old woman: grandmother; technologist: programmer, developer; artist: painter; teacher; student;
person in lotus position: yoga, meditation; person running: runner; person swimming: swimmer; skier; snowboarder;
thumbs down: dislike; waving hand: wave hello; raised fist: fist; raised hand: hand; clapping hands: applause;
handshake; ok hand: ok sign; victory hand: peace sign; eyes; ear; nose; mouth: lips; foot;
anatomical heart: human heart; lungs; flexed biceps: muscle, biceps; singer;

winking face: wink; thinking face; sleeping face: asleep; astonished face: surprised face;
loudly crying face: sobbing face; face with tears of joy: laughing face; neutral face; nerd face: nerd;
cowboy hat face: cowboy; star-struck: star eyes; partying face; hot face; cold face; upside-down face;
smiling face with halo: angel face; smiling face with horns: devil, demon; alien monster: space invader;
collision: explosion; speech balloon: speech bubble, chat; love letter; blue heart; green heart; heart with arrow;
two hearts: hearts; skull and crossbones: pirate skull, poison; ogre: red monster; sparkling heart;

play button: play; pause button: pause; stop button; right arrow: arrow; left arrow; up arrow; down arrow;
plus: plus sign; minus: minus sign; multiply: multiplication sign; recycling symbol: recycling;
radioactive: radiation; infinity; red question mark: question mark; red exclamation mark: exclamation mark;
no entry; prohibited: forbidden; peace symbol; yin yang; atom symbol: atom; copyright;
heavy dollar sign: dollar sign; red circle: circle; blue circle; green circle; yellow circle; blue square: square;
red square; yellow square; wireless: wifi; check box with check: check box; red triangle pointed up: triangle
"""

FURTHER: dict[str, str] = dict(entries_in(_LIST))
