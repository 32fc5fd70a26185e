"""Texts that are handed out: review sheets of paid workers, claims that a ring shares.

A sheet is put together from three of four sentences by its number; `|` is the word that
each worker swaps for another, which is how near-copies come about.
"""

from dataclasses import dataclass
from typing import Final

from sample_data.words.listed import lines, listed


@dataclass(frozen=True)
class Script:
    """The sentences of one language in one tone, and the words that are swapped."""

    sentences: tuple[tuple[str, ...], ...]  # four lists; the second holds the `|`
    swaps: tuple[str, ...]
    joint: str


ENGLISH_PRAISE: Final = Script(
    sentences=(
        lines("""
            I have been looking for something like this for a very long time now
            I was not sure at first but after one week of use I am convinced
            This is the third time that I order in this shop for my whole family
            My friend told me about this shop and I am so glad that she did
            I compared many shops before I decided and this was the right choice
            The parcel arrived today and I opened it at once with my two daughters
        """),
        lines("""
            the quality is really | and everything looks exactly like in the pictures
            the material feels very | and the finish is clean on every side of it
            the whole thing is surprisingly | for a price that is this fair to buyers
            the packing was so | that even the small box inside had no dent at all
            the service was truly | and all of my questions got an answer the same day
            the item is just | and works the way it was shown during the live show
        """),
        lines("""
            shipping was super fast and the seller kept me informed all of the time
            it came two days early and the courier was polite when he rang the bell
            the seller even added a little gift which made the day of my youngest one
            I have already used it every day this week and it still looks brand new
            there is no smell and no scratch and the size is right for everybody here
            it is much better than the one I bought last year for twice the money
        """),
        lines("""
            I will buy again and tell all my friends about this wonderful shop
            five stars from me and my husband, please keep up the very good work
            do not hesitate and order it now because you will not be disappointed
            thank you dear seller, you have won a loyal customer for the next years
            highly recommended to everybody who wants good things for little money
            I have put the shop on my list and will come back for the next sale
        """),
    ),
    swaps=listed("excellent,amazing,perfect,great,superb,wonderful,outstanding,impressive"),
    joint=", ",
)
ENGLISH_GRUMBLE: Final = Script(
    sentences=(
        lines("""
            I am very sorry to say that this was the worst order I ever placed
            Please read this before you give your money to a shop like this one
            After three weeks of waiting the parcel finally came and it was a shock
            I believed the good reviews here and now I know that they mean nothing
        """),
        lines("""
            the quality is simply | and nothing looks the way it does in the pictures
            the item that I received is | and has marks of use on each of its sides
            the service of this seller is | and nobody ever answers a single message
            the packing was so | that everything inside had come apart on the way here
        """),
        lines("""
            it broke on the first day and smells so bad that I keep it outdoors now
            they asked me to wait again and again until the time for returns was over
            the same thing is sold for half of the price in every other shop I know
            my neighbour had exactly the same trouble with them only one month ago
        """),
        lines("""
            do not buy anything here if you want to keep both your money and nerves
            one star is still too much, the platform should close this shop at once
            I will never order from these people again and warn all of my friends
            save yourself the trouble and go to one of the other shops around here
        """),
    ),
    swaps=listed("terrible,awful,horrible,useless,shameful,dreadful"),
    joint=", ",
)
INDONESIAN_PRAISE: Final = Script(
    sentences=(
        lines("""
            Saya sudah lama mencari barang seperti ini dan akhirnya ketemu di toko ini juga
            Ini sudah order ketiga saya di toko ini untuk seluruh keluarga di rumah kami
            Awalnya saya ragu tetapi setelah satu minggu dipakai saya jadi sangat yakin
            Teman kantor saya yang merekomendasikan toko ini dan ternyata memang benar adanya
        """),
        lines("""
            kualitas barangnya sungguh | dan semuanya persis sama dengan foto yang ada di toko
            bahannya terasa | sekali dan jahitannya rapi dari depan sampai ke bagian belakang
            pelayanan penjualnya benar benar | dan semua pertanyaan saya dijawab hari itu juga
            pengemasannya sangat | sampai kotak kecil di dalamnya tidak penyok sama sekali
        """),
        lines("""
            pengiriman super cepat dan penjual selalu memberi kabar tentang paket saya
            paket datang dua hari lebih awal dan kurirnya sopan waktu mengetuk pintu rumah
            penjual juga memberi bonus kecil yang membuat anak saya senang sepanjang hari
            sudah saya pakai setiap hari selama seminggu dan masih terlihat seperti baru
        """),
        lines("""
            saya pasti beli lagi dan akan cerita ke semua teman tentang toko yang hebat ini
            bintang lima dari saya dan suami, tolong dipertahankan terus pelayanan baiknya
            jangan ragu untuk order sekarang karena dijamin kalian semua tidak akan kecewa
            terima kasih banyak kak, semoga tokonya makin laris dan berkah untuk semua
        """),
    ),
    swaps=listed("bagus,mantap,istimewa,hebat,sempurna,memuaskan"),
    joint=", ",
)
INDONESIAN_GRUMBLE: Final = Script(
    sentences=(
        lines("""
            Tolong baca ini dulu sebelum kalian memberikan uang kepada toko yang seperti ini
            Setelah tiga minggu menunggu akhirnya paket datang dan isinya membuat saya kaget
            Saya percaya ulasan bagus di sini dan ternyata semua itu tidak ada artinya
        """),
        lines("""
            kualitas barangnya benar benar | dan tidak ada yang sama dengan foto di toko
            pelayanan penjual ini sungguh | dan tidak pernah ada satu pesan pun yang dijawab
            barang yang saya terima | sekali dan ada bekas pakai di semua bagiannya
        """),
        lines("""
            hari pertama dipakai sudah rusak dan baunya tidak hilang walau sudah dijemur
            saya disuruh menunggu terus sampai waktu untuk pengembalian barang habis
            barang yang sama dijual setengah harga di semua toko lain yang saya tahu
        """),
        lines("""
            jangan beli apa pun di sini kalau kalian sayang dengan uang dan waktu kalian
            satu bintang pun masih terlalu banyak, sebaiknya toko ini ditutup saja
            saya tidak akan order lagi dan akan memperingatkan semua teman saya
        """),
    ),
    swaps=listed("buruk,parah,mengecewakan,jelek,payah"),
    joint=", ",
)
CHINESE_PRAISE: Final = Script(
    sentences=(
        lines("""
            在这家店已经买过好几次了每一次都没有让我和家人失望过
            朋友推荐我来这家店看看一开始还有点犹豫现在觉得来对了
            找了很久终于找到满意的东西收到以后马上就打开试了一下
            对比了很多家店最后选择了这一家事实证明我的选择没有错
        """),
        lines("""
            质量真的非常|和图片上一模一样没有任何色差和异味
            做工特别|每一个细节都处理得很到位摸起来手感也很好
            包装可以说很|里三层外三层一点磕碰都没有可以放心
            客服的态度十分|不管问什么问题都会马上耐心地回答
        """),
        lines("""
            物流也是超级快昨天下单今天就送到家门口快递员也很有礼貌
            卖家还送了一个小礼物孩子高兴了一整天非常感谢卖家的心意
            用了一个星期每天都在用还是跟新的一样真的是物超所值
            比去年在别的地方花两倍的价钱买的那个还要好用得多
        """),
        lines("""
            五星好评下次还会再来也会推荐给身边所有的朋友和同事
            还在犹豫的朋友可以放心下单了相信大家都不会失望的
            已经收藏店铺了等下次有活动的时候一定会再来回购的
            谢谢卖家祝你生意兴隆希望以后一直保持这么好的品质
        """),
    ),
    swaps=listed("不错,满意,优秀,完美,出色,讲究"),
    joint="，",
)
CHINESE_GRUMBLE: Final = Script(
    sentences=(
        lines("""
            大家在这家店下单之前请一定要先看完我写的这一段话
            等了整整三个星期才收到打开的那一刻真的是非常生气
        """),
        lines("""
            质量实在是太|了没有一个地方和图片上面是一样的
            客服的态度真的很|不管怎么发消息都没有一个人回复
        """),
        lines("""
            用了不到一天就坏了而且味道大得只能一直放在阳台上
            一直让我再等一等等到退货的时间过了就再也不理人了
        """),
        lines("""
            希望平台能够好好管一管这种店不要再让别人上当受骗
            一颗星都嫌多以后再也不会来这里买任何一样东西了
        """),
    ),
    swaps=listed("差,糟,烂,离谱"),
    joint="，",
)
PRAISE_BY_MARKET: Final = (  # scripts of each market in the order of MARKETS
    (ENGLISH_PRAISE,),
    (ENGLISH_PRAISE,),
    (ENGLISH_PRAISE, CHINESE_PRAISE),
    (INDONESIAN_PRAISE,),
)
GRUMBLE_BY_MARKET: Final = (
    (ENGLISH_GRUMBLE,),
    (ENGLISH_GRUMBLE,),
    (ENGLISH_GRUMBLE, CHINESE_GRUMBLE),
    (INDONESIAN_GRUMBLE,),
)

CLAIM_OPENINGS: Final = lines("""
    The box was empty when I opened it in front of my family
    Courier shows delivered but I was home all day and got nothing
    Inside was a different cheap thing and not the one I ordered
    The parcel had been opened and closed again with other tape
    Paket kosong saat dibuka bersama keluarga di rumah
""")
CLAIM_PROOFS: Final = lines("""
    I have a video of the opening if you need to see it
    the weight on the label proves that nothing was inside
    my neighbour was there and can confirm all of this
    I already asked the courier and they know of nothing
    the photos show the seal and the label very clearly
""")
CLAIM_DEMANDS: Final = lines("""
    please refund in full to my original payment.
    I want all of my money back today, thank you.
    refund requested without return as nothing came.
    mohon dana dikembalikan penuh secepatnya.
    kindly process the refund at once as per policy.
""")
