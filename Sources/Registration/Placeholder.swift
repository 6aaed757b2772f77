// The owner of this folder replaces this file.
