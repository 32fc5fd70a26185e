"""What buyers report to customer service, by topic."""

from typing import Final

from sample_data.words.claims import CLAIMS
from sample_data.words.listed import Report, lines

# In the order of complaints.TOPICS: not received, not as described, counterfeit,
# scam call, harassment, unauthorised, quality, other.
COMPLAINTS: Final = (
    Report(
        what=(
            CLAIMS[0].what[0],
            CLAIMS[0].what[1],
            lines("""
                The logo is misspelt and the label looks home made
                This is a fake of the real brand
                The serial number does not exist
                The print rubs off and the brand shop says it is not theirs
                Packaging has no maker and the name is written wrong
            """),
            lines("""
                Somebody called who knew my order and wanted my bank details
                A man said he was customer service and asked for a code
                I got a call about a refund for this exact parcel
                They knew my name, address and what I bought and asked me to transfer money
                A fake agent sent me a link to pay a customs fee for this order
            """),
            lines("""
                The seller keeps writing me because of my review
                I was threatened after I gave one star
                They send messages at night and know where I live
                The shop offers money if I delete my review and gets rude when I refuse
            """),
            lines("""
                I did not place this order
                Somebody changed the address in my account
                My card was charged for something I never bought
                I was logged out and my password no longer works
                There are orders on my account from a phone that is not mine
            """),
            CLAIMS[0].what[2],
            lines("""
                I cannot find the invoice
                The voucher was not accepted
                Live host promised a gift that never came
                I was charged for shipping twice
                I would like to change my address
                The app shows the wrong amount
            """),
        ),
        more=CLAIMS[0].more,
        pleas=CLAIMS[0].pleas,
    ),
    Report(
        what=(
            CLAIMS[1].what[0],
            CLAIMS[1].what[1],
            lines("""
                Mereknya salah tulis dan labelnya seperti buatan rumah
                Ini barang palsu
                Nomor serinya tidak terdaftar
            """),
            lines("""
                Ada yang telepon tahu isi pesanan saya dan minta data rekening
                Orang mengaku layanan pelanggan dan minta kode
                Ditelepon soal pengembalian dana untuk paket ini
            """),
            lines("""
                Penjual terus mengirim pesan karena ulasan saya
                Saya diancam setelah memberi bintang satu
                Mereka menghubungi tengah malam
            """),
            lines("""
                Saya tidak membuat pesanan ini
                Alamat di akun saya diganti orang
                Kartu saya ditagih untuk barang yang tidak saya beli
            """),
            CLAIMS[1].what[2],
            lines("""
                Voucher tidak bisa dipakai
                Ongkir ditagih dua kali
                Hadiah dari host tidak pernah datang
            """),
        ),
        more=CLAIMS[1].more,
        pleas=CLAIMS[1].pleas,
    ),
    Report(
        what=(
            CLAIMS[2].what[0],
            CLAIMS[2].what[1],
            lines("""
                是假货商标都印错了
                序列号查不到
                专柜说不是正品
            """),
            lines("""
                有人打电话来知道我买了什么还要银行资料
                自称客服的人要我提供验证码
                接到电话说这个订单可以退款
            """),
            lines("""
                因为差评卖家一直骚扰我
                给了一星以后收到威胁
                半夜一直发消息
            """),
            lines("""
                这个订单不是我下的
                我的地址被别人改了
                信用卡被扣了没买过的东西
            """),
            CLAIMS[2].what[2],
            lines("""
                优惠券用不了
                运费扣了两次
                主播答应的礼物没有收到
            """),
        ),
        more=CLAIMS[2].more,
        pleas=CLAIMS[2].pleas,
    ),
)
