"""The things the model must draw first: common words that a newcomer would try."""

COMMON = frozenset("""
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
speedboat, anchor, traffic light, house, house with garden, castle, office building, tent, mountain,
snow-capped mountain, volcano, desert island, ferris wheel, sun, sun with face, full moon, crescent moon, star,
glowing star, cloud, cloud with rain, rainbow, snowflake, snowman without snow, fire, droplet, lightning, high voltage,
umbrella, balloon, wrapped gift, christmas tree, jack-o-lantern, soccer ball, basketball, tennis, baseball,
trophy, guitar, trumpet, violin, drum, musical keyboard, microphone, headphone, video game, teddy bear,
light bulb, candle, flashlight, laptop, desktop computer, mobile phone, telephone, television, camera, radio,
alarm clock, watch, hourglass not done, key, locked, hammer, wrench, scissors, paperclip, pencil, paintbrush,
crayon, artist palette, book, closed book, open book, books, newspaper, envelope, package, money bag, gem stone, ring,
crown, top hat, glasses, sunglasses, t-shirt, jeans, dress, high-heeled shoe, running shoe, backpack, handbag,
shopping cart, bell, magnet, telescope, microscope, test tube, pill, toilet, bathtub, bed, chair, door, broom,
basket, soap, toothbrush, red heart, broken heart, ghost, robot, alien, skull, pile of poo, clown face,
grinning face, smiling face with sunglasses, smiling face with smiling eyes, smiling face with heart-eyes,
angry face, crying face, thumbs up, bomb, compass, globe showing americas, world map, parachute, kite
""".replace("\n", " ").strip().split(", "))
"""Names as the artwork has them."""
