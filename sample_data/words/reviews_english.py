"""What people write about a parcel in English and Spanish."""

from typing import Final

from sample_data.words.listed import Language, Tone, lines

_ENGLISH_PRAISE: Final = Tone(
    openings=lines("""
        Really happy with this
        Exactly like the picture
        My second order from here
        Good value for the price
        Better than I expected
        Arrived early and well packed
        Love it
        Does what it says
        Good quality
        Very pleased
        Just what I was looking for
        Nice one
        Bought this for my mum
        Got it as a gift for my sister
        Honestly impressed
        Not bad at all
        Came quicker than I thought
        Cute and well made
        Solid little thing
        Looks even better in person
        Works fine so far
        Took a chance and glad I did
        Saw it on a live and had to try it
        Ordered on Monday and had it by Thursday
    """),
    details=lines("""
        the fabric is thicker than I expected
        the colour is lovely in daylight
        fits true to size
        feels sturdy in the hand
        no strange smell when I opened it
        the box was a bit dented but nothing inside was broken
        my kids use it every day now
        it goes with nearly everything I own
        setup took about five minutes
        the seller answered my question the same evening
        I have washed it three times and it still looks new
        it is a little smaller than I imagined but that is fine
        stitching is neat all the way round
        it was wrapped with care and had a small thank you card
        delivery was two days faster than they said
        I have used it for two weeks without a problem
        the size chart was right for once
        compared three shops and this one was the best
        the lid closes properly unlike my old one
        a tiny scratch on the back but you cannot see it
        it is light enough to carry around all day
        my neighbour asked where I got it
        the instructions were clear
        it feels more expensive than it was
        the zip runs smoothly
        you only need a little of it
        the shade is slightly warmer than on the screen
        batteries were included which was a nice surprise
        it folds flat so I can keep it under the bed
        perfect for a small kitchen
    """),
    closings=lines("""
        would buy again
        thank you
        recommended
        will order another colour
        thanks to the seller
        five stars from me
        worth it
        happy customer
        my friend wants one too
        will update after a month
        good job
        keep it up
        can recommend this shop
        no complaints
        ordering a second one for work
        hope it lasts
        cheers
        you will not regret it
    """),
)
_ENGLISH_GRUMBLE: Final = Tone(
    openings=lines("""
        Not impressed
        Smaller than described
        Disappointed
        Not the colour shown
        Feels cheap
        Arrived crushed
        Wrong size sent
        Took two weeks to arrive
        It is okay I suppose
        Expected more for the money
        Stopped working on day three
        Looks nothing like the photo
        Only half of the order came
        Hmm
        Could be better
        Bit of a let down
        Not what I ordered
        Quality is average
    """),
    details=lines("""
        stitching came loose after one wash
        the material is thin and you can see through it
        the zip came off the first time I used it
        it smells of plastic even after airing it for days
        the seller never answered my messages
        the size chart is completely off
        there was a crack along the side
        the box was open when it reached me
        it does not charge past half
        the print is already peeling
        one of the parts was missing
        it leaks from the bottom
        the colour ran onto my other clothes
        it is much shorter than in the video
        the lid does not close
        I had to chase the courier twice
        it broke when my daughter picked it up
        instructions are useless
        the second one I got was fine but this one is not
        it wobbles on a flat table
    """),
    closings=lines("""
        would not buy again
        sent it back
        want my money back
        do not bother
        two stars because it came on time
        please check before sending
        still waiting for an answer
        save your money
        not worth the trouble
        maybe I was unlucky
        will try another shop
        shame really
    """),
)
ENGLISH: Final = Language(
    code="en",
    joints=(", ", ". ", " and ", " - ", "... "),
    endings=("", ".", "!", "", " :)", "..", ".", " x"),
    praise=_ENGLISH_PRAISE,
    grumble=_ENGLISH_GRUMBLE,
)

SPANISH: Final = Language(
    code="es",
    joints=(", ", ". ", " y "),
    endings=("", ".", "!", " :)"),
    praise=Tone(
        openings=lines("""
            Muy contenta con la compra
            Igual que en la foto
            Buena calidad
            Llegó antes de lo esperado
            Me encanta
            Justo lo que buscaba
            Bien por el precio
            Mi segunda compra
        """),
        details=lines("""
            la tela es más gruesa de lo que pensaba
            el color es precioso
            la talla es correcta
            vino muy bien envuelto
            mi hija lo usa todos los días
            se nota que está bien hecho
            el vendedor contestó rápido
            no huele a plástico
        """),
        closings=lines("""
            lo recomiendo
            volveré a comprar
            gracias
            vale la pena
            muy agradecida
            cinco estrellas
        """),
    ),
    grumble=Tone(
        openings=lines("""
            No es lo que pedí
            Más pequeño de lo que dice
            Llegó roto
            Mala calidad
            Tardó casi tres semanas
            Esperaba más
        """),
        details=lines("""
            se descosió al primer lavado
            el color no es el de la foto
            nadie contesta mis mensajes
            faltaba una pieza
            la caja venía abierta
            dejó de funcionar al tercer día
        """),
        closings=lines("""
            no lo recomiendo
            quiero mi dinero
            lo devolví
            una pena
        """),
    ),
)
