"""What people write about a parcel in Indonesian and Malay."""

from typing import Final

from sample_data.words.listed import Language, Tone, lines

INDONESIAN: Final = Language(
    code="id",
    joints=(", ", ". ", " dan ", " "),
    endings=("", ".", "!", " :)", " ya", " kak", "..", ""),
    praise=Tone(
        openings=lines("""
            Bagus banget
            Sesuai foto
            Pengiriman cepat
            Kualitas oke
            Suka banget sama barangnya
            Barang sudah sampai
            Udah order kedua kali di sini
            Harga murah kualitas mantap
            Alhamdulillah sampai dengan selamat
            Mantap
            Lumayan untuk harga segini
            Sesuai ekspektasi
            Lucu dan rapi
            Awalnya ragu ternyata bagus
            Anakku suka
            Beli waktu live dapat harga miring
        """),
        details=lines("""
            bahannya adem dan tidak menerawang
            jahitannya rapi
            warnanya persis seperti di gambar
            packing aman pakai bubble wrap
            ukurannya pas di badan
            admin ramah dan cepat balas
            sampai dua hari lebih cepat
            sudah dicoba dan berfungsi normal
            dipakai tiap hari masih awet
            tidak ada bau aneh
            resletingnya lancar
            lebih tebal dari yang saya kira
            dapat bonus stiker lucu
            sedikit lecet di pojok tapi tidak masalah
            teman kantor pada nanya beli di mana
            cocok buat dapur kecil
            sudah dicuci tiga kali tidak luntur
            tutupnya rapat tidak bocor
            enteng dibawa ke mana mana
            kurirnya juga sopan
        """),
        closings=lines("""
            makasih kak
            recommended seller
            bakal beli lagi
            semoga awet
            terima kasih
            next order warna lain
            puas banget
            sukses terus tokonya
            bintang lima
            tidak menyesal
            worth it
            boleh dicoba
        """),
    ),
    grumble=Tone(
        openings=lines("""
            Tidak sesuai foto
            Kekecilan
            Kecewa
            Pengiriman lama sekali
            Barang rusak
            Kurang puas
            Bahan tipis
            Biasa saja sih
            Salah kirim warna
            Baru dipakai sekali sudah rusak
        """),
        details=lines("""
            jahitannya banyak yang lepas
            warnanya beda jauh
            chat tidak dibalas sama sekali
            dusnya penyok waktu sampai
            ukurannya tidak sama dengan tabel
            baunya menyengat
            ada bagian yang kurang
            tidak bisa menyala
            resletingnya macet
            luntur pas dicuci pertama kali
            tutupnya tidak rapat
            nunggu hampir dua minggu
        """),
        closings=lines("""
            minta refund
            tolong dicek dulu sebelum kirim
            tidak akan beli lagi
            mohon ditanggapi
            sayang banget
            cukup sekali
            mungkin saya yang kurang beruntung
            sudah saya kembalikan
        """),
    ),
)

MALAY: Final = Language(
    code="ms",
    joints=(", ", ". ", " dan "),
    endings=("", ".", "!", " tq", ""),
    praise=Tone(
        openings=lines("""
            Barang cantik sangat
            Sampai cepat
            Memang puas hati
            Kualiti terbaik
            Sama macam dalam gambar
            Berbaloi beli
            Kali kedua beli kat sini
            Ok lah untuk harga ni
        """),
        details=lines("""
            kain tebal dan selesa
            penjual layan dengan baik
            bungkusan kemas
            saiz memang ngam
            warna tak lari
            anak saya suka sangat
            guna setiap hari tak ada masalah
            jahitan kemas
        """),
        closings=lines("""
            terima kasih
            nanti beli lagi
            memang recommend
            lima bintang
            puas hati
            jangan ragu
        """),
    ),
    grumble=Tone(
        openings=lines("""
            Tak macam gambar
            Kecewa
            Lambat sangat sampai
            Barang rosak
            Saiz tak betul
            Biasa sahaja
        """),
        details=lines("""
            jahitan tercabut lepas basuh sekali
            kotak dah kemek
            penjual tak balas mesej
            warna lain
            tak boleh hidup langsung
            kain nipis sangat
        """),
        closings=lines("""
            nak refund
            tak akan beli lagi
            sila semak dulu
            rugi je
        """),
    ),
)
