"""What people who write code and docs mean by words that name no thing, as one would put it in an icon."""

from .lists import entries_in

_LIST = """
idea, inspiration, innovation, insight, tip: light bulb; database, archive, records, storage: file cabinet; server,
terminal, software, operating system, program, technology: computer; code, coding, source code, app: laptop;
programming, engineer, hacker: programmer; success, victory, winner, achievement, award, championship: trophy;
security, privacy, encryption, safety: lock; password, access, login, credentials: key; protection, defence: shield;
speed, racing: race car; performance, benchmark, latency: stopwatch; time, deadline, alarm: clock; launch, deployment,
release, startup: space ship; network, web, browser, website: internet; email, message, newsletter: letter;
notification, reminder, alert: bell; phone call, contact: phone receiver; payment, billing, subscription: credit card;
price, discount, label: tag; checkout, purchase, store: shopping cart; location, place, address: pin; schedule,
appointment, date, event: calendar; map, geography: world map; statistics, analytics, data, metrics, dashboard: chart;
trend, progress, increase, improvement: line chart; report, file, text file, contract: page; news, press, blog:
newspaper; science, experiment, chemistry: flask; testing, research, laboratory: laboratory tube; medicine, drug,
vitamins: pill; health, clinic: hospital; education, graduation, university, course: academic cap; learning, tutorial,
story, novel: opened book; documentation, manual, guide: book; library, literature, reading: books; travel, trip,
journey: suitcase; vacation, summer, seaside: beach; holiday, winter holidays: christmas tree; birthday, anniversary:
cake; party, celebration: party popper; love, romance, valentine: heart; energy, power, electricity: lightning bolt;
nature, forest, woods, environment: tree; weather, forecast: partly cloudy; winter, frost, cold: snowflake; autumn,
fall: maple leaf; spring: tulip; finance, wealth, budget, savings: money; photo, photography: camera; video, cinema,
hollywood: film; music, song, melody: music note; game, gaming, video game: game controller; writing, draft, edit:
pencil; design, art, colour scheme, theme: palette; repair, maintenance, service: tools; delivery, shipping,
logistics: truck; homepage, family home, real estate: home; account, profile, member: avatar; artificial intelligence,
machine learning, bot, automation, assistant: robot; alert sign, danger, caution: warning sign; delete, garbage,
rubbish: waste bin; backup, floppy: diskette; container, product, parcel post: box; api, integration, connector: plug;
help, faq, support, unknown: question mark; feedback, comment, discussion: speech bubble; thought, imagination, dream:
thought bubble; lunch, snack: sandwich; breakfast: fried egg; dinner, meal, restaurant food: plate; food, fast food:
burger; drink, beverage: soft drink; fruit, healthy food: apple; vegetable, vegetables: carrot; dessert, sweets:
cupcake; pet, pets: dog; vehicle, automobile, driving: car; sport, sports, match: football; goal, aim, focus,
accuracy: target; strategy, chess: chess pawn; problem, solution: puzzle; agreement, partnership, team, teamwork,
deal: handshake; law, legal, justice: scroll; ocean, sea water, surf: wave; space, astronomy: saturn; universe,
galaxy: shining star; world, planet earth, global: globe; factory work, industry, production: factory; farm, farming:
tractor; configuration, options, preferences, mechanism, engine: cog; fun, joy, happiness: happy face; sadness, grief:
sad face; anger, rage: angry smiley; fear, horror: ghost; halloween: pumpkin; hot, heat: hot face; sleep, night: moon;
day, daylight, morning: sun; vote, approval, like: thumbs up; done, finished, approved, valid: check mark; failure,
wrong, invalid: cross; fashion, clothes, clothing: shirt; beauty, makeup: lipstick; fitness, gym, strength: muscle;
genetics, biology: dna; physics, nuclear: atom; mind, intelligence, psychology: brain; vision, view, look: eye; sound,
audio, volume: speaker; podcast, recording: mic; broadcast, announcement, marketing: megaphone; construction, build,
architecture: builder
"""

MEANT: dict[str, str] = {
    word.strip(): thing for words, thing in entries_in(_LIST) for word in words.split(",")
}
"""A word, and the plain word of the taught thing that stands for it."""
