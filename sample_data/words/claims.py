"""What buyers write when they ask for their money back, by reason."""

from typing import Final

from sample_data.words.listed import Report, lines

_ENGLISH_MORE: Final = lines("""
    I have waited long enough
    I sent you photos already
    the seller does not answer
    this was meant to be a present
    it is the second time this happens
    I checked with everybody at home
    I asked the courier as well
    I kept the packaging
    my old one was never like this
    I need it before the weekend
    order was placed during a live
    I did not throw away the label
""")
_ENGLISH_PLEAS: Final = lines("""
    please help
    refund please
    what should I do now
    thank you
    can somebody call me
    please look into this
    hope to hear from you
    I would like my money back
    let me know how to send it back
    thanks in advance
""")
_INDONESIAN_MORE: Final = lines("""
    saya sudah menunggu lama
    foto sudah saya kirim
    penjual tidak membalas chat
    ini untuk hadiah
    sudah dua kali seperti ini
    sudah saya tanyakan ke kurir
    kemasannya masih saya simpan
    pesan waktu live kemarin
""")
_INDONESIAN_PLEAS: Final = lines("""
    tolong dibantu
    mohon refund
    terima kasih
    harus bagaimana ya kak
    mohon ditindaklanjuti
    ditunggu kabarnya
""")
_CHINESE_MORE: Final = lines("""
    已经等了很久
    照片已经发了
    卖家一直不回复
    这是要送人的
    已经是第二次了
    快递那边也问过了
    包装还留着
""")
_CHINESE_PLEAS: Final = lines("""
    请帮忙处理
    请退款
    谢谢
    现在该怎么办
    麻烦尽快
    希望有人联系我
""")

# In the order of aftersales.REASONS: not received, not as described, defective,
# wrong size, changed mind.
CLAIMS: Final = (
    Report(
        what=(
            lines("""
                Parcel never came
                Tracking says delivered but nothing here
                Where is my order
                It has not moved for ten days
                Nobody at the door and no card either
                The locker was empty
                Delivered to someone I do not know
                Still nothing after three weeks
            """),
            lines("""
                Looks nothing like the photo
                Different material than written
                Colour is completely different
                The set should have three pieces and I got two
                Not the model that was shown
                The description says cotton and it is not
                Much smaller than on the picture
                Pattern is printed upside down
            """),
            lines("""
                Broken on arrival
                Does not switch on
                Zip came off the first time
                There is a crack along the side
                Stopped working after two days
                It leaks
                One of the wheels is loose
                Seam opened in the first wash
            """),
            lines("""
                Too small
                Too big around the waist
                The size chart is wrong
                Does not fit my daughter
                Ordered M and this is more like S
                Sleeves are too short
                Shoes are half a size off
                Too tight at the shoulders
            """),
            lines("""
                Changed my mind
                Found another one
                No longer needed
                Ordered it twice by mistake
                It came too late for the party
                Does not go with my sofa
                My sister bought me the same
                I thought it over
            """),
        ),
        more=_ENGLISH_MORE,
        pleas=_ENGLISH_PLEAS,
    ),
    Report(
        what=(
            lines("""
                Paket belum sampai
                Statusnya terkirim tapi tidak ada apa apa
                Pesanan saya di mana
                Resi tidak bergerak sudah seminggu
            """),
            lines("""
                Tidak sesuai foto
                Bahannya beda dengan keterangan
                Warnanya lain sekali
                Yang datang bukan model yang saya pesan
            """),
            lines("""
                Barang rusak waktu sampai
                Tidak bisa menyala
                Resleting langsung lepas
                Bocor di bagian bawah
            """),
            lines("""
                Kekecilan satu ukuran
                Kebesaran di pinggang
                Tabel ukurannya salah
                Tidak muat untuk anak saya
            """),
            lines("""
                Tidak jadi
                Salah pesan dua kali
                Sudah dapat yang lain
                Datangnya terlambat untuk acara
            """),
        ),
        more=_INDONESIAN_MORE,
        pleas=_INDONESIAN_PLEAS,
    ),
    Report(
        what=(
            lines("""
                一直没有收到包裹
                显示已签收但是没有收到
                物流十天没有更新了
            """),
            lines("""
                和图片完全不一样
                颜色差太多
                材质跟描述的不同
            """),
            lines("""
                收到就是坏的
                开不了机
                用了两天就坏了
            """),
            lines("""
                尺码偏小
                腰围太大了
                跟尺码表不符
            """),
            lines("""
                不想要了
                重复下单了
                已经买到别的了
            """),
        ),
        more=_CHINESE_MORE,
        pleas=_CHINESE_PLEAS,
    ),
)
