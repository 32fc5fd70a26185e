"""What viewers type under a live stream, by market and by why they type it."""

from typing import Final

from sample_data.words.listed import lines, listed

# In the order of KINDS: question, praise, raffle word, bot phrase, shill line, payment cue.
KINDS: Final = ("question", "praise", "raffle", "bot", "shill", "payment")

GREETINGS: Final = (
    ("", "", "", "hi, ", "hey ", "host ", "quick question, ", "sorry if asked, "),
    ("", "", "", "hiya, ", "hello, ", "love, ", "quick one, ", "evening all, "),
    ("", "", "", "hi sis, ", "boss ", "请问", "kak ", "eh "),
    ("", "", "", "kak ", "min ", "halo kak, ", "sis ", "mau tanya, "),
)
QUESTIONS: Final = (
    lines("""
        does it come in a bigger size
        is it real cotton
        how much is shipping
        can you show the back
        does it fit a size 12
        will there be a restock of the sage one
        how long is the cable
        is it safe for kids
        can I return it if it does not fit
        do you ship to Alaska
        what is number three again
        how heavy is it
        does the voucher work on this
        can you try it on please
        is the black one sold out
        how do you wash it
        does it need batteries
        what size are you wearing
        is there a set of two
        when does the sale end
        what does it smell like
        could you hold it next to the other one
        is the zip metal or plastic
        does it work with an older phone
    """),
    lines("""
        does that come in a 14
        is it proper wool
        how much is the postage
        can we see the back of it
        is it true to size
        will you have the navy one again
        would it survive the wash
        how long is delivery to Orkney
        can you pop it on please
        any chance of a bundle
        what was the price of the mug
        is the big one gone already
        does it need ironing
        what are the dimensions
        is it safe in the oven
        do you do gift wrapping
        is it a UK plug
        which one is number five
        does the code still work
        could you show the label
    """),
    lines("""
        got bigger size or not
        can show the back
        how much after voucher
        ship from where
        got black colour
        这个有大码吗
        包邮吗
        什么时候发货
        有没有现货
        可以试穿一下吗
        boleh bayar masa terima
        ada warna lain tak
        is it halal
        how many days to Woodlands
        can use in small kitchen
        will shrink or not
        evening got restock
        怎么洗
        ini berapa
        is the plug three pin
    """),
    lines("""
        ada ukuran XL
        ongkirnya berapa ke Medan
        bahannya adem tidak
        boleh lihat belakangnya
        yang hitam masih ada
        ready berapa warna
        bisa COD
        tinggi host berapa
        nomor tiga harganya berapa
        vouchernya masih bisa dipakai
        dicuci luntur tidak
        kapan dikirim
        beratnya berapa gram
        bisa dicoba dulu kak
        garansi berapa lama
        ada paket dua
        aman untuk bayi
        restock kapan
        pakai baterai apa
        spill etalase berapa
    """),
)
PRAISE: Final = (
    lines("""
        love this colour
        mine arrived today and it is gorgeous
        you look great in that
        best host
        bought two last week
        so cute
        my daughter loves hers
        that is a good price
        finally got one
        greetings from Ohio
    """),
    lines("""
        that is lovely
        got mine yesterday, chuffed
        bargain
        brilliant quality the last one
        looks smashing on you
        love your streams
        well worth it
        just ordered the green one
        you make my Sundays
    """),
    lines("""
        very nice leh
        好看
        last time bought, quality good
        cantik sangat
        host so funny
        已经下单了
        shiok
        喜欢这个颜色
        my mum love it
    """),
    lines("""
        cantik banget kak
        punyaku sudah sampai bagus
        langganan sejak tahun lalu
        lucu
        hostnya ramah
        sudah checkout
        murah banget
        bahannya enak
        salam dari Solo
    """),
)
RAFFLE: Final = (
    listed("WIN,sunny,lucky,me,1,blue moon,pumpkin,88"),
    listed("win,me please,biscuit,raffle,in,teapot,77"),
    listed("win,88,抽我,huat,mau,durian,1"),
    listed("mau,ikut,menang,hadir,1,semangka,77"),
)
BOT: Final = (
    listed("nice,good live,wow,great host,so good,amazing,support,hello everyone,nice show,good"),
    listed("nice,good live,wow,great host,so good,amazing,support,hello everyone,lovely show,good"),
    listed("nice,good live,wow,great host,666,支持,主播好,so good,hello everyone,mantap"),
    listed("mantap,bagus,keren,nice live,semangat,hadir,good,sukses terus,halo semua,wow"),
)
SHILL: Final = (
    lines("""
        I paid double for this in the mall, grab it
        only three left, I just got mine
        my doctor recommends this one
        already on my fifth, changed my skin in a week
        hurry, last time it was gone in two minutes
        host is losing money at this price
        my cousin sells these for 90 and here it is 19
    """),
    lines("""
        cost me triple in town, get it quick
        just grabbed two, hardly any left
        my nurse friend swears by it
        cleared my skin in four days, honest
        it sold out in a minute last week
        she is giving them away at that price
        genuine, I checked with the maker
    """),
    lines("""
        outside selling double, faster grab
        刚抢到最后几个了快点
        my doctor also say this one good
        用了一个星期皮肤全好了
        host confirm lose money already
        上次两分钟就没了
        cepat tinggal tiga lagi
    """),
    lines("""
        di toko harganya dua kali lipat, buruan
        tinggal tiga, aku baru dapat
        dokterku juga saranin ini
        seminggu pakai langsung hilang jerawatnya
        minggu lalu dua menit habis
        host rugi kalau harga segini
        asli, sudah kucek ke pabriknya
    """),
)
PAYMENT: Final = (
    lines("""
        cheaper if you pay by transfer, message the host
        write me outside the app for the real price
        host takes direct payment, link in bio
        no fees if you pay on the other app
        send deposit first then she ships today
    """),
    lines("""
        message her directly, cheaper by bank transfer
        skip the checkout and pay her direct
        details for the transfer are in the bio
        half price if you do not order through here
        deposit first, rest when it comes
    """),
    lines("""
        pay direct can save 20, message host
        加好友私下转账更便宜
        不要在这里下单 私信主播
        transfer terus lagi murah
        deposit first then reserve for you
    """),
    lines("""
        transfer langsung lebih murah, chat host
        order lewat luar aplikasi saja
        kirim DP dulu nanti dikirim hari ini
        cek bio untuk rekening
        tanpa biaya admin kalau bayar langsung
    """),
)
ENDINGS: Final = (  # of questions, of praise, of what is said word for word
    ("", "?", "?", "?", "??", " pls", " pls?", " thanks"),
    ("", "", "", "!", "!!", " :)", "..", " xx"),
    ("",),
)
BY_KIND: Final = (QUESTIONS, PRAISE, RAFFLE, BOT, SHILL, PAYMENT)
